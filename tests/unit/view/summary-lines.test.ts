import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countCatalogue } from '../../../src/view/catalogue-totals.ts';
import { pickRecentEvents } from '../../../src/view/changes-view.ts';
import { toRepositoryExtent } from '../../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import {
  decodeRecentEvents,
  decodeSummaries,
  decodeSummariesOnly,
  encodeSummaryLine,
  joinSummaryLines,
} from '../../../src/view/summary-lines.ts';
import { listSampleRepositories } from '../../support/sample-catalogue.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: ['latest'] };
const measured = listSampleRepositories()
  .filter(({ state }) => state !== 'unread')
  .map((repository, at) => ({
    file: String(at).padStart(64, '0'),
    summary: toRepositorySummary(repository, settings),
    extent: toRepositoryExtent(repository, settings),
    recentEvents: pickRecentEvents(repository),
  }));
const head = { fingerprint: 'print', totals: countCatalogue(measured) };
const join = (lines: readonly Buffer[]) => Buffer.concat([...joinSummaryLines(head, lines)]);
const bytes = join(measured.map(encodeSummaryLine));
const text = bytes.toString();

describe('summary lines', () => {
  it('come back as they were', () => {
    const decoded = decodeSummaries('print', bytes);
    assert.deepEqual(
      Array.from(decoded?.repositories ?? [], (each) => each.measured),
      measured,
    );
    assert.deepEqual(decoded?.totals, head.totals);
    assert.deepEqual(
      decodeSummariesOnly(bytes),
      measured.map(({ summary }) => summary),
    );
    const told = measured.filter(({ recentEvents }) => recentEvents.length > 0);
    assert.ok(told.length > 0);
    assert.deepEqual(
      decodeRecentEvents(bytes),
      told.map(({ summary: { name }, recentEvents }) => ({ name, events: recentEvents })),
    );
  });

  it('make the same file again out of the lines that they were read from', () => {
    const lines = Array.from(decodeSummaries('print', bytes)?.repositories ?? [], ({ line }) => line);
    assert.ok(join(lines).equals(bytes));
    const others = measured.toReversed().map(encodeSummaryLine);
    assert.ok(join(lines.toReversed()).equals(join(others)));
  });

  it('are none where there is nothing', () => {
    assert.deepEqual([...(decodeSummaries('print', join([]))?.repositories ?? ['null'])], []);
    assert.deepEqual(decodeSummariesOnly(join([])), []);
  });

  it('are of no use to another program or other settings', () => {
    assert.equal(decodeSummaries('other', bytes), null);
  });

  for (const [what, broken] of [
    ['a changed byte', text.replace('"tagCount":1', '"tagCount":7')],
    ['a lost line', text.replace(/\n[^\n]+\n/, '\n')],
    ['half of it', text.slice(0, text.length / 2)],
    ['nothing at all', ''],
  ] as const) {
    it(`are not believed with ${what}`, () => {
      assert.throws(() => decodeSummaries('print', Buffer.from(broken)), TypeError);
      assert.throws(() => decodeSummariesOnly(Buffer.from(broken)), TypeError);
    });
  }
});
