/** The demo: an embedded registry of realistic images, read and published as any other. */
import { formatClosingLine, type RunContext, runRefresh } from '../../src/run/refresh.ts';
import { decodeSettings, type Settings } from '../../src/settings/settings.ts';
import { fillDemoCatalogue } from '../demo-registry/catalogue/fill-demo-catalogue.ts';
import { createDemoRegistry, type DemoRegistry } from '../demo-registry/demo-registry.ts';

export interface DemoSite {
  readonly settings: Settings;
  /** It goes on listening, for who wants to pull. */
  readonly registry: DemoRegistry;
  /** How the run went. */
  readonly closingLine: string;
}

/** Builds it in a folder. The caller closes the registry. */
export async function buildDemoSite(folder: string, context: RunContext): Promise<DemoSite> {
  const registry = createDemoRegistry({ recordsRequests: false });
  try {
    fillDemoCatalogue(registry.store);
    const settings = decodeSettings(
      {
        title: 'Demo images',
        publicHost: 'registry.example.org',
        sources: [{ name: 'demo', url: await registry.listen(0) }],
        exclude: ['restricted/**'],
      },
      folder,
    );
    const steps = { crawl: true, build: true };
    const report = await runRefresh(settings, { steps, acceptRemovals: false }, context);
    return { settings, registry, closingLine: formatClosingLine(report) };
  } catch (error) {
    await registry.close();
    throw error;
  }
}
