import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePlausibleDate, pickBuildDate, toInstant } from '../../../src/catalogue/dates.ts';
import { annotationKeys } from '../../../src/oci/annotations.ts';
import {
  type Content,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const observedAt = '2026-08-16T10:00:00Z';

it('an instant is UTC to the second', () => {
  assert.equal(toInstant(new Date(Date.UTC(2026, 7, 16, 10, 0, 0, 999))), '2026-08-16T10:00:00Z');
});

describe('a recorded date', () => {
  const cases: readonly (readonly [string | null | undefined, string | null])[] = [
    ['2026-08-16T09:00:00Z', '2026-08-16T09:00:00Z'],
    ['2026-08-16T09:00:00.123456789Z', '2026-08-16T09:00:00Z'],
    ['2026-08-16T09:00:59.999Z', '2026-08-16T09:00:59Z'],
    ['2026-08-16T09:00:00+02:00', '2026-08-16T07:00:00Z'],
    ['2026-08-15T23:30:00.5-05:30', '2026-08-16T05:00:00Z'],
    ['2026-08-16T09:00:00+00:00', '2026-08-16T09:00:00Z'],
    ['2026-08-16t09:00:00z', '2026-08-16T09:00:00Z'],
    ['2026-08-16 09:00:00Z', '2026-08-16T09:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    // What stands for no date.
    ['0001-01-01T00:00:00Z', null],
    ['1969-12-31T23:59:59Z', null],
    ['1970-01-01T00:00:00Z', null],
    ['1970-01-01T00:00:01Z', null],
    ['1980-01-01T00:00:01Z', null],
    ['1989-12-31T23:59:59Z', null],
    ['1990-01-01T00:00:00Z', '1990-01-01T00:00:00Z'],
    ['1990-01-01T00:00:00+01:00', null],
    // The future, and a builder's clock that is a little ahead.
    ['2026-08-16T11:00:00Z', '2026-08-16T11:00:00Z'],
    ['2026-08-16T11:00:01Z', null],
    ['2026-08-16T13:00:00+02:00', '2026-08-16T11:00:00Z'],
    ['2027-01-01T00:00:00Z', null],
    ['9999-12-31T23:59:59Z', null],
    ['+275760-09-13T00:00:00Z', null],
    // No dates.
    ['2023-02-29T00:00:00Z', null],
    ['2024-02-30T00:00:00Z', null],
    ['2024-04-31T00:00:00Z', null],
    ['2024-13-01T00:00:00Z', null],
    ['2024-00-10T00:00:00Z', null],
    ['2024-01-01T00:00:60Z', null],
    ['2024-01-01T25:00:00Z', null],
    ['2024-01-01T00:00:00+25:00', null],
    ['2024-01-01T00:00:00', null],
    ['2024-01-01', null],
    ['2024-01-01T00:00Z', null],
    ['20240101T000000Z', null],
    ['Mon, 01 Jan 2024 00:00:00 GMT', null],
    ['1704067200', null],
    ['yesterday', null],
    [' 2024-01-01T00:00:00Z', null],
    ['2024-01-01T00:00:00Z\n', null],
    ['', null],
    [null, null],
    [undefined, null],
  ];
  for (const [recorded, expected] of cases) {
    it(`${JSON.stringify(recorded)}: ${expected}`, () => {
      assert.equal(parsePlausibleDate(recorded, observedAt), expected);
    });
  }
});

describe('the build date', () => {
  const at = (day: number) => `2026-08-${String(day).padStart(2, '0')}T10:00:00Z`;
  const annotated = (day: number | string) => ({
    annotations: { [annotationKeys.created]: typeof day === 'number' ? at(day) : day },
  });
  const arm = { platform: toPlatform('linux/arm64') };
  const attestation = { platform: toPlatform('unknown/unknown') };
  const cases: readonly (readonly [string, Content, string | null])[] = [
    ['of an image is its config’s', createImage('a', { createdAt: at(3) }), at(3)],
    ['is the annotation before the config', createImage('a', { createdAt: at(3), facts: annotated(2) }), at(2)],
    [
      'is the config where the annotation says nothing',
      createImage('a', { createdAt: at(3), facts: annotated('1970-01-01T00:00:00Z') }),
      at(3),
    ],
    ['is not recorded where nobody recorded it', createImage('a', { createdAt: '0001-01-01T00:00:00Z' }), null],
    ['of what cannot be read is not recorded', createOpaque('a', 'application/x', 'broken'), null],
    ['of what is not there is not recorded', createMissing('a'), null],
    [
      'of an index is its own annotation',
      createIndex('a', [[createImage('b', { createdAt: at(9) }), {}]], annotated(4)),
      at(4),
    ],
    [
      'of an index is the newest of its platforms',
      createIndex('a', [
        [createImage('b', { createdAt: at(5) }), {}],
        [createImage('c', { createdAt: at(7) }), arm],
        [createImage('d', { createdAt: at(6) }), {}],
      ]),
      at(7),
    ],
    [
      'takes in the annotations of the platforms',
      createIndex('a', [
        [createImage('b', { createdAt: at(5), facts: annotated(8) }), {}],
        [createImage('c', { createdAt: at(7) }), arm],
      ]),
      at(8),
    ],
    [
      'leaves attestations out',
      createIndex('a', [
        [createImage('b', { createdAt: at(5) }), {}],
        [createImage('c', { createdAt: at(7) }), attestation],
      ]),
      at(5),
    ],
    [
      'leaves out what is missing or implausible',
      createIndex('a', [
        [createImage('b', { createdAt: at(5) }), {}],
        [createMissing('c'), arm],
        [createImage('d', { createdAt: '2099-01-01T00:00:00Z' }), arm],
      ]),
      at(5),
    ],
    [
      'reaches into an index of indexes',
      createIndex('a', [[createIndex('b', [[createImage('c', { createdAt: at(2) }), {}]]), {}]]),
      at(2),
    ],
  ];
  for (const [name, content, expected] of cases) {
    it(name, () => {
      assert.equal(pickBuildDate(content.digest, createRepository({ a: content }), '2026-08-20T00:00:00Z'), expected);
    });
  }

  it('is reckoned from when the content was first seen', () => {
    const content = createImage('a', { createdAt: '2026-08-16T12:00:00Z' });
    const repository = createRepository({ a: content });
    assert.equal(pickBuildDate(content.digest, repository, '2026-08-16T10:00:00Z'), null);
    assert.equal(pickBuildDate(content.digest, repository, '2026-08-16T11:00:00Z'), '2026-08-16T12:00:00Z');
  });
});
