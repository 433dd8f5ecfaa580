/** The requests of an hour in which tags that look as if they never moved are asked about in turn. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRevalidation } from '../../src/crawl/revalidation.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { toRevalidationRules } from '../../src/run/crawl-run-options.ts';
import type { Settings } from '../../src/settings/settings.ts';

export interface DueHour {
  readonly revalidate: Settings['revalidate'];
  readonly lastRunAt: string;
  readonly now: string;
}

/** Writes those of the requests in `lists` that this hour needs: every listing, and the tags whose turn it is. */
export function writeDueList(lists: readonly string[], dueList: string, { revalidate, lastRunAt, now }: DueHour): void {
  const { isDue } = createRevalidation({ rules: toRevalidationRules({ revalidate }), lastRunAt, now });
  const lines = lists.flatMap((list) => readFileSync(list, 'utf8').split('\n')).filter((line) => line !== '');
  const due = lines.filter((line) => {
    const [, name, tag] = /^manifest\t\/v2\/(.+)\/manifests\/([^\t]+)/.exec(line) ?? [];
    return name === undefined || tag === undefined || isDue(parseRepositoryName(name), parseTag(tag));
  });
  writeFileSync(dueList, `${due.join('\n')}\n`);
}
