import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listPastedHosts } from '../../../src/view/pasted-hosts.ts';

const registry = { publicHost: 'registry.example.org', alternateHosts: ['localhost:5000'] };

it('a site at the root of the registry has the names of the registry alone', () => {
  const hosts = ['registry.example.org', 'localhost:5000'];
  assert.deepEqual(listPastedHosts({ ...registry, base: '/' }), hosts);
  assert.deepEqual(listPastedHosts({ ...registry, base: '/', siteUrl: 'https://registry.example.org/' }), hosts);
});

it('pages that are elsewhere are told from references by their path', () => {
  assert.deepEqual(listPastedHosts({ ...registry, base: '/', siteUrl: 'https://images.example.org:8443/' }), [
    ...['registry.example.org', 'localhost:5000'],
    'images.example.org:8443/',
  ]);
  const siteUrl = 'https://registry.example.org/images/';
  assert.deepEqual(listPastedHosts({ ...registry, base: '/images/', siteUrl }), [
    ...['registry.example.org', 'localhost:5000'],
    ...['registry.example.org/images/', 'localhost:5000/images/'],
  ]);
});
