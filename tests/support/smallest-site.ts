/** The smallest site that passes the last look: its files by their paths. */

export const counts = {
  repositories: 0,
  emptyRepositories: 0,
  withheldRepositories: 0,
  tags: 0,
  manifests: 0,
  uniqueCompressedSizeBytes: 0,
};
export const catalogue = {
  schemaVersion: 1,
  title: 'Images',
  publicHost: 'registry.example.org',
  changedAt: '2026-11-21T13:07:00Z',
  complete: true,
  counts,
  repositories: [],
};
const status = {
  schemaVersion: 1,
  checkedAt: '2026-11-21T13:07:00Z',
  changedAt: '2026-11-21T13:07:00Z',
  beganAt: '2026-11-21T13:07:00Z',
  complete: true,
  counts,
  listedRepositories: 0,
  currentRepositories: 0,
  unreadRepositories: 0,
  incompleteRepositories: [],
  heldBackRemovals: { repositories: 0, tags: 0 },
  integrity: { bytes: null, sizes: null, faults: [] },
  sources: [],
};
export const page = (title: string, body: string) => `<html><title>${title}</title>${body}</html>`;
export const smallestSite: Readonly<Record<string, string>> = {
  'index.html': page('Images', '<a href="/a/tags/">a</a><a href="https://example.org/">elsewhere</a>'),
  '404.html': page('Not found', '<a href="/">home</a>'),
  'a/tags/index.html': page('a', '<a href="/#in:a">home</a>'),
  '-/status/index.html': page('Status', '<a href="/">home</a>'),
  '-/status.json': JSON.stringify(status),
  '-/api/v1/index.json': '{}',
  '-/api/v1/catalogue.json': JSON.stringify(catalogue),
};
