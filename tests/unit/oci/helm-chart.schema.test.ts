import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHelmChart } from '../../../src/oci/helm-chart.schema.ts';

const decode = (text: string) => decodeHelmChart(new TextEncoder().encode(text));

it('a chart config gives its fields, each as one text', () => {
  const chart = {
    apiVersion: 'v2',
    name: 'web',
    version: '2.0.0+build.5',
    keywords: ['a', 7, 'b'],
    deprecated: true,
    maintainers: [{ name: 'Service operations', email: 'charts@example.org' }, { email: 'nameless@example.org' }],
    dependencies: [{ name: 'redis', version: '18.x', repository: 'oci://charts.example.org' }, { name: 'common' }],
    sources: [],
    annotations: { category: 'web' },
    home: null,
    description: '',
  };
  assert.deepEqual(decode(JSON.stringify(chart)), {
    chart: {
      apiVersion: 'v2',
      name: 'web',
      version: '2.0.0+build.5',
      keywords: 'a, b',
      deprecated: 'true',
      maintainers: 'Service operations',
      dependencies: 'redis 18.x, common',
    },
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
