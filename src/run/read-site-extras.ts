/** The files that the settings name for the site: the logo, and the overlay. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { createRedactor } from '../catalogue/redaction.ts';
import { computeDigest, digestHex } from '../oci/digest.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Overlay } from '../settings/overlay.schema.ts';
import { findPatternProblem } from '../settings/pattern.schema.ts';
import { readOverlay } from '../settings/read-overlay.ts';
import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { Logo, SiteExtras } from '../view/site.ts';

export interface ReadExtras {
  readonly extras: SiteExtras;
  /** The logo's bytes, to be written where it says. */
  readonly logoBytes: Uint8Array | null;
  /** What is odd about a file and stops nothing, as a sentence. */
  readonly remark: string | null;
}

const mostLogoBytes = 200_000;
const formats: readonly string[] = ['svg', 'png', 'webp', 'avif', 'jpg', 'jpeg', 'gif'];

/** Reads them. Throws a `SettingsError` where one cannot be used. */
export async function readSiteExtras(settings: Pick<Settings, 'logo' | 'overlay' | 'exclude'>): Promise<ReadExtras> {
  const { logo, overlay, exclude } = settings;
  const read = logo === undefined ? null : await readLogo(logo);
  const notes = overlay === undefined ? null : takeShownNotes(await readOverlay(overlay), exclude, overlay);
  return {
    extras: {
      ...(read === null ? {} : { logo: read.logo }),
      ...(notes === null ? {} : { overlay: notes.shown }),
    },
    logoBytes: read?.bytes ?? null,
    remark: notes?.remark ?? null,
  };
}

/** Notes on what is excluded go; notes on what is shown may not name it. */
function takeShownNotes(overlay: Overlay, exclude: readonly string[], file: string) {
  const isExcluded = createNameMatcher(exclude);
  const redact = createRedactor({
    names: new Set(),
    isHidden: isExcluded,
    isShown: () => false,
    isTagHidden: () => false,
  });
  const shown = Object.entries(overlay).filter(([pattern]) => !isExcluded(pattern));
  for (const [pattern, notes] of shown) {
    for (const [key, text] of Object.entries(notes)) {
      if (text === undefined || (!isExcluded(text) && redact(text) === text)) continue;
      const problem = `${file}: ${pattern}.${key}: it names a repository that \`exclude\` keeps off the site`;
      throw new SettingsError(problem, 'Reword it, or show that repository.');
    }
  }
  const mayName = (text: string) => !isExcluded(text) && redact(text) === text;
  return { shown: Object.fromEntries(shown), remark: remarkOnUseless(Object.keys(overlay), mayName, file) };
}

/** A remark on the patterns that are seen to match no name: one of them, and how many more there are. */
function remarkOnUseless(patterns: readonly string[], mayName: (text: string) => boolean, file: string): string | null {
  const useless = patterns.flatMap((pattern) => {
    const problem = findPatternProblem(pattern, 'repository');
    return problem === null ? [] : [{ pattern, problem }];
  });
  const [first] = useless;
  if (first === undefined) return null;
  const known = useless.find(({ pattern }) => mayName(pattern.toLowerCase()));
  const example = known === undefined ? 'a key' : `${JSON.stringify(known.pattern.slice(0, 120))} ${known.problem}`;
  const others = useless.length === 1 ? '' : `, and ${useless.length - 1} more`;
  return `${file}: notes that no repository gets: ${example}${others}`;
}

async function readLogo(file: string): Promise<{ readonly logo: Logo; readonly bytes: Uint8Array }> {
  const fail = (problem: string, cause?: unknown) =>
    new SettingsError(`logo: ${file}: ${problem}`, 'Name an SVG, PNG, WebP, AVIF, JPEG or GIF file.', { cause });
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw fail(cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${cause.message}`, cause);
  });
  if (bytes.length > mostLogoBytes) throw fail(`it has ${bytes.length} bytes; at most ${mostLogoBytes} are taken`);
  // Only for who has a logo: with it comes a good part of Astro.
  const { imageMetadata } = await import('astro/assets/utils');
  const size = await imageMetadata(bytes).catch((cause: unknown) => {
    throw fail('it is no picture of a known kind', cause);
  });
  if (!formats.includes(size.format)) throw fail(`pictures of the kind ${size.format} are not taken`);
  if (!(size.width > 0 && size.height > 0)) throw fail('it does not say how large it is');
  // Shown through <img> nothing in it runs; opened by itself it would.
  if (size.format === 'svg' && activeContent.test(bytes.toString('utf8'))) {
    throw fail('it holds a script, an event handler, or something from elsewhere');
  }
  const ending = extname(file).slice(1).toLowerCase();
  const extension = formats.includes(ending) ? ending : size.format;
  const name = digestHex(computeDigest(bytes)).slice(0, 8);
  const [width, height] = [Math.round(size.width), Math.round(size.height)];
  return { logo: { address: `-/assets/logo.${name}.${extension}`, width, height }, bytes };
}

const activeContent =
  /<(?:\w+:)?(?:script|foreignObject|iframe|embed|object|handler|listener)\b|\son\w+\s*=|(?:java|vb)script:|<!ENTITY|(?:href|src)\s*=(?!\s*["']?\s*(?:#|data:image\/(?:png|jpeg|gif|webp)))|@import|url\((?!\s*["']?\s*(?:#|data:))/i;
