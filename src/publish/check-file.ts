/** One file of a built site: what is wrong with it, and what the rest of the site must know of it. */
import { catalogueJsonSchema } from '../api/catalogue-json.schema.ts';
import { cleanupJsonSchema } from '../api/cleanup-json.schema.ts';
import { lineageJsonSchema } from '../api/lineage-json.schema.ts';
import { repositoryJsonSchema } from '../api/repository-json.schema.ts';
import { statusJsonSchema } from '../api/status-json.schema.ts';
import { repositoryStorageJsonSchema, storageJsonSchema } from '../api/storage-json.schema.ts';
import { fixedAddresses, toOutputFile } from '../view/addresses.ts';
import { findJsonFault, type SchemaOfLines } from './check-json-lines.ts';

export interface PageFacts {
  readonly title: string;
  /** The files of the site that it links to, each once. */
  readonly targets: readonly string[];
}

/** Reports a fault of the file, as what stands behind its name in a sentence. */
export type ReportFault = (fault: string) => void;

/** Reads a page: its title, and where it leads within the site. */
export function checkPage(html: string, base: string, report: ReportFault): PageFacts {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1]?.trim() ?? '';
  if (title === '') report('has no title');
  const targets = new Set<string>();
  for (const [, raw = ''] of html.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
    const [address = '', fragment] = raw
      .replaceAll('&amp;', '&')
      .replace(/\?[^#]*/, '')
      .split('#', 2);
    if (address === '') {
      if (fragment !== undefined && fragment !== '' && !html.includes(`id="${fragment}"`)) {
        report(`links to its part #${fragment}, which is not there`);
      }
    } else if (!isElsewhere(address)) {
      if (address.startsWith(base)) targets.add(toOutputFile(decodeURI(address.slice(base.length))));
      else report(`links to ${address}, which is outside ${base}`);
    }
  }
  return { title, targets: [...targets] };
}

/** `https:`, `mailto:` and the like, and another host. */
function isElsewhere(address: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address);
}

/** The schemas that the site promises, by the files that are held to them. */
const schemas = [
  { isFor: (file: string) => file === fixedAddresses.catalogueJson, schema: catalogueJsonSchema },
  { isFor: (file: string) => file === fixedAddresses.statusJson, schema: statusJsonSchema },
  { isFor: (file: string) => file.endsWith('/-/repository.json'), schema: repositoryJsonSchema },
  { isFor: (file: string) => file.endsWith('/-/storage.json'), schema: repositoryStorageJsonSchema },
] as const;

/** Those of the files that hold something of every tag, which are checked line by line. */
const schemasOfLines: ReadonlyMap<string, SchemaOfLines> = new Map<string, SchemaOfLines>([
  [fixedAddresses.storageJson, storageJsonSchema],
  [fixedAddresses.lineageJson, lineageJsonSchema],
  [fixedAddresses.cleanupJson, cleanupJsonSchema],
]);

/** Reads a JSON file, and holds it to its schema where it has one. Returns its value where that is asked for again: the catalogue's. */
export function checkJson(file: string, text: string, report: ReportFault): unknown {
  const schemaOfLines = schemasOfLines.get(file);
  if (schemaOfLines !== undefined) {
    const fault = findJsonFault(text, schemaOfLines);
    if (fault !== null) report(fault);
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    report('is not JSON');
    return undefined;
  }
  const result = schemas.find(({ isFor }) => isFor(file))?.schema.safeParse(value);
  if (result?.success !== false) return value;
  const [issue] = result.error.issues;
  report(`breaks its schema: ${issue?.path.join('.')}: ${issue?.message}`);
  return undefined;
}
