import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { appendEvents } from '../../../src/catalogue/events.ts';
import { createRedactor } from '../../../src/catalogue/redaction.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import { redactEntry } from '../../../src/run/redact-entry.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { createImage, createRepository, hour } from '../../support/catalogue-values.ts';
import { useFolder } from '../../support/run-program.ts';

test('a tag that is newly hidden goes from old history too, and what happened to others keeps its number', async (t) => {
  const stateDir = await useFolder(t);
  const store = createSnapshotStore(stateDir);
  const happenings = Array.from({ length: 300 }, (_, at) => ({
    type: 'moved' as const,
    tag: parseTag(at % 3 === 0 ? 'secret-1' : 'latest'),
    from: computeDigest(`${at % 2}`),
    to: computeDigest(`${(at + 1) % 2}`),
    notBefore: hour(at),
    notAfter: hour(at + 1),
  }));
  const events = appendEvents([], happenings, 1);
  const repository = createRepository({ latest: createImage('a'), 'secret-1': createImage('b') }, { events });
  const entry = await store.writeRepository(repository);
  assert.ok((entry.archives?.length ?? 0) > 0);

  const redact = createRedactor({
    names: new Set(),
    isHidden: () => false,
    isShown: () => true,
    isTagHidden: (tag) => tag === 'secret-1',
  });
  const isTagShown = (tag: string) => tag !== 'secret-1';
  const clean = await redactEntry(entry, redact, { store, isTagShown });
  await store.removeUnnamed({ repositories: [clean] } as never);
  const files = await readdir(join(stateDir, 'snapshot'), { recursive: true, withFileTypes: true });
  const texts = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  assert.ok(texts.length > 1);
  for (const text of await Promise.all(texts)) assert.doesNotMatch(text, /secret-1/);
  const { events: kept } = await store.readHistory(await store.readRepository(clean));
  assert.deepEqual(
    kept,
    events.filter(({ tag }) => tag === 'latest'),
  );
  assert.equal(await redactEntry(clean, redact, { store, isTagShown }), clean, 'and only once');
});
