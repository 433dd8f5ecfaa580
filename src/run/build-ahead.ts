/** What the build before kept, read while it is not yet known what changed: a crawl mostly waits. */
import type { Settings } from '../settings/settings.ts';
import type { ReadExtras } from './read-site-extras.ts';
import type { KeptSummaries } from './summaries.ts';

export interface BuildAhead extends AsyncDisposable {
  /** Begins to read. What is not read now is read when it is needed, and what is wrong with it is told then. */
  begin({ extras }: ReadExtras): void;
  /** Gives away what was read, for it is large; null where nothing was. */
  take(): Promise<KeptSummaries | null>;
}

/** Disposing of it ends the reading. */
export function createBuildAhead(settings: Settings): BuildAhead {
  const stop = new AbortController();
  let reading: Promise<KeptSummaries | null> | null = null;
  const read = async (extras: ReadExtras['extras']) => {
    try {
      // What comes after it is loaded as well.
      const [{ readKeptInputs }] = await Promise.all([
        import('./build-inputs.ts'),
        import('./build-run.ts'),
        import('./build-release.ts'),
      ]);
      return await readKeptInputs(settings, extras, stop.signal);
    } catch {
      return null;
    }
  };
  return {
    begin({ extras }) {
      reading ??= read(extras);
    },
    take() {
      const taken = reading ?? Promise.resolve(null);
      reading = null;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await reading;
    },
  };
}
