import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visitPages } from '../../../src/search/further-rows.ts';

/** What was asked for, and how many of that at once. */
function useVisitor() {
  const asked: string[] = [];
  const most = { atOnce: 0 };
  let underWay = 0;
  const visit = async (href: string) => {
    asked.push(href);
    most.atOnce = Math.max(most.atOnce, ++underWay);
    await new Promise(setImmediate);
    underWay--;
    return `page ${href}`;
  };
  return { asked, most, visit };
}

const hrefs = Array.from({ length: 11 }, (_, at) => `${at}`);

describe('the further pages of a list', () => {
  it('come in their order, four at once', async () => {
    const { asked, most, visit } = useVisitor();
    const found = await Array.fromAsync(visitPages(hrefs, visit));
    assert.deepEqual([found, asked, most.atOnce], [hrefs.map((href) => `page ${href}`), hrefs, 4]);
  });

  it('are asked for no further than somebody wants them', async () => {
    const { asked, visit } = useVisitor();
    for await (const found of visitPages(hrefs, visit)) if (found === 'page 5') break;
    assert.deepEqual(asked, hrefs.slice(0, 8));
  });

  it('fail with the first that does', async () => {
    const visit = async (href: string) => (href === '6' ? Promise.reject(new Error(href)) : href);
    await assert.rejects(Array.fromAsync(visitPages(hrefs, visit)), new Error('6'));
  });
});
