import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CatalogueEvent } from '../../../src/catalogue/model.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import {
  listChangeDays,
  listChangesPlaces,
  mostChangesOnPage,
  toChangesView,
  toLatestChanges,
} from '../../../src/view/changes-view.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site } = createSampleWorld({ base: '/images/' });

/** `18 09 added v1` in `a`: on the 18th, seen by the look at 9, after the one at 8. */
function listEvents(name: string, lines: readonly string[]) {
  const events = lines.map((line, ordinal): CatalogueEvent => {
    const [day = '', hour = '', type = '', tag] = line.split(' ');
    return {
      type: type as CatalogueEvent['type'],
      tag: tag === undefined ? null : parseTag(tag),
      from: null,
      to: null,
      ordinal,
      firstSeenAt: null,
      run: Number(day) * 24 + Number(hour),
      notBefore: `2026-11-${day}T${String(Number(hour) - 1).padStart(2, '0')}:07:00Z`,
      notAfter: `2026-11-${day}T${hour}:07:00Z`,
    };
  });
  return { name: parseRepositoryName(name), events };
}

const days = listChangeDays([
  listEvents('a', ['18 09 added v1', '18 09 added v2', '18 09 added v3', '18 09 moved latest']),
  listEvents('b/c', ['17 09 added v1', '18 10 removed v1', '19 11 removed']),
]);

describe('days of changes', () => {
  it('stand the newest first, and in each the newest run first', () => {
    assert.deepEqual(
      days.map(({ day, changes }) => [day, ...changes.map(({ name, type, tag }) => `${name} ${type} ${tag}`)]),
      [
        ['2026-11-19', 'b/c removed null'],
        ['2026-11-18', 'b/c removed v1', 'a added v1', 'a added v2', 'a added v3', 'a moved latest'],
        ['2026-11-17', 'b/c added v1'],
      ],
    );
  });
});

describe('the latest changes', () => {
  const lines = (most: number) =>
    toLatestChanges(days, most, site).map(({ name, href, notAfter, parts }) => {
      const told = parts.map(({ type, tags, moreTags }) => [type, ...tags, ...(moreTags > 0 ? [`+${moreTags}`] : [])]);
      return [notAfter.slice(8, 13), name, href, ...told.map((words) => words.join(' '))];
    });

  it('are a line for each image and look, naming the first tags of each kind of event', () => {
    assert.deepEqual(lines(10), [
      ['19T11', 'b/c', '/images/b/c/tags/', 'removed'],
      ['18T10', 'b/c', '/images/b/c/tags/', 'removed v1'],
      ['18T09', 'a', '/images/a/tags/', 'added v1 v2 +1', 'moved latest'],
      ['17T09', 'b/c', '/images/b/c/tags/', 'added v1'],
    ]);
  });

  it('are no more lines than asked for', () => assert.deepEqual(lines(2), lines(10).slice(0, 2)));

  it('are none where nothing happened', () => assert.deepEqual(toLatestChanges([], 4, site), []));
});

describe('pages of changes', () => {
  it('are the first, then one for each day, linked to the days beside it', () => {
    assert.deepEqual(
      listChangesPlaces(days).map(({ day, page }) => `${day} ${page}`),
      ['null 1', '2026-11-19 1', '2026-11-18 1', '2026-11-17 1'],
    );
    const { newer, older } = toChangesView({ day: '2026-11-18', page: 1 }, days, site);
    assert.equal(newer?.href, '/images/-/changes/2026-11-19/');
    assert.equal(older?.href, '/images/-/changes/2026-11-17/');
    assert.equal(toChangesView({ day: '2026-11-19', page: 1 }, days, site).newer, null);
    assert.equal(toChangesView({ day: '2026-11-17', page: 1 }, days, site).older, null);
  });

  it('show on the first page whole days only, as many as fit', () => {
    const { days: shown, otherDays } = toChangesView({ day: null, page: 1 }, days, site);
    assert.deepEqual(
      shown.map(({ day, href }) => [day, href]),
      [
        ['2026-11-19', null],
        ['2026-11-18', null],
        ['2026-11-17', null],
      ],
    );
    assert.deepEqual(otherDays, []);
  });

  it('divide a day on which very much happened, and lose none of it', () => {
    const many = Array.from({ length: mostChangesOnPage + 1 }, (_, at) => `20 09 added v${at}`);
    const busy = listChangeDays([listEvents('a', many), listEvents('b', ['19 09 added v1'])]);
    assert.deepEqual(
      listChangesPlaces(busy).map(({ day, page }) => `${day} ${page}`),
      ['null 1', '2026-11-20 1', '2026-11-20 2', '2026-11-19 1'],
    );
    const tags = [1, 2].flatMap((page) =>
      toChangesView({ day: '2026-11-20', page }, busy, site).days.flatMap(({ rows }) =>
        rows.flatMap(({ parts }) => parts.flatMap((part) => part.tags.map(({ tag }) => tag))),
      ),
    );
    assert.equal(new Set(tags).size, many.length);

    const first = toChangesView({ day: null, page: 1 }, busy, site);
    assert.deepEqual(
      first.days.map(({ day, changeCount, href }) => [day, changeCount, href]),
      [['2026-11-20', many.length, '/images/-/changes/2026-11-20/']],
    );
    assert.deepEqual(
      first.otherDays.map(({ text, counts }) => [text, counts.added]),
      [
        ['2026-11-20', many.length],
        ['2026-11-19', 1],
      ],
    );
  });

  it('are not there for a day on which nothing happened', () => {
    assert.throws(() => toChangesView({ day: '2026-11-01', page: 1 }, days, site), /nothing happened on 2026-11-01/);
  });
});
