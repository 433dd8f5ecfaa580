import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHelmChart } from '../../../src/oci/helm-chart.schema.ts';

const decode = (text: string) => decodeHelmChart(new TextEncoder().encode(text));

it('a chart config gives its fields that are text', () => {
  const chart = {
    apiVersion: 'v2',
    name: 'web',
    version: '2.0.0+build.5',
    keywords: ['a'],
    deprecated: true,
    home: null,
  };
  assert.deepEqual(decode(JSON.stringify(chart)), {
    chart: { apiVersion: 'v2', name: 'web', version: '2.0.0+build.5' },
  });
});

describe('a document that is no chart config', () => {
  for (const text of ['', '[]', '"web"', '<html>', '{"name":']) {
    it(text || 'nothing', () => assert.throws(() => decode(text), { code: 'INVALID_DOCUMENT' }));
  }
});

it('a field of ten megabytes is bounded', () => {
  assert.ok(JSON.stringify(decode(JSON.stringify({ description: 'x'.repeat(10_000_000) }))).length < 5000);
});
