import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { cutBatches } from '../../../src/run/render-pages.ts';
import type { Page } from '../../../src/view/page-list.ts';

const help: Page = { kind: 'help' };
const pagesOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, at): Page => ({ kind: 'image', name: parseRepositoryName(name), page: at + 1 }));

const cases: readonly (readonly [what: string, pages: readonly Page[], sizes: readonly number[]])[] = [
  ['nothing is no batch', [], []],
  ['fewer than a batch are one', [help, ...pagesOf('a', 2)], [3]],
  ['those of no repository are cut anywhere', Array.from({ length: 9 }, () => help), [4, 4, 1]],
  ['those of one repository stay together', [...pagesOf('a', 3), ...pagesOf('b', 3), ...pagesOf('c', 1)], [6, 1]],
  ['unless they alone are two batches', [...pagesOf('a', 9), help], [8, 2]],
];
for (const [what, pages, sizes] of cases) {
  test(what, () => {
    const batches = [...cutBatches(pages, 4)];
    assert.deepEqual(
      batches.map((batch) => batch.length),
      sizes,
    );
    assert.deepEqual(batches.flat(), pages);
  });
}
