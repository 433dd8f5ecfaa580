/** What tells an hour in which no page changed: all that the pages of repositories depend on, as one digest. Pure. */
import { createHash } from 'node:crypto';
import type { ReleaseRecord } from '../publish/release-record.schema.ts';
import type { MeasuredFile } from '../view/summary-lines.ts';

/** Whether a release holds just these repositories as they are, and nothing needs to be worked out. */
export function isSameCatalogue(catalogue: string, fingerprint: string, before: ReleaseRecord): boolean {
  return before.fingerprint === fingerprint && before.catalogue === catalogue;
}

/** Stands for everything that the pages of repositories depend on; `besides` is what is not in their files. */
export function toCatalogueKey(measured: readonly MeasuredFile[], besides: readonly unknown[]): string {
  const files = measured.map(({ summary, file }) => [summary.name, file]);
  return createHash('sha256')
    .update(JSON.stringify([besides, files]))
    .digest('hex')
    .slice(0, 32);
}
