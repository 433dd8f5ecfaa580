import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusJsonSchema } from '../../../src/api/status-json.schema.ts';
import { encodeStatusJson } from '../../../src/api/status-json.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { status } = createSampleWorld();

describe('status.json', () => {
  const { path, text } = encodeStatusJson(status);
  const json = statusJsonSchema.parse(JSON.parse(text));

  it('says whether all is well, and as of when', () => {
    assert.equal(path, '-/status.json');
    assert.equal(json.complete, false);
    assert.equal(json.checkedAt, '2026-11-20T14:07:31Z');
    assert.equal(json.listedRepositories, json.counts.repositories + json.unreadRepositories);
    assert.deepEqual(json.incompleteRepositories, [
      { name: 'services/asleep', staleSince: '2026-11-18T02:07:00Z', staleTags: 1, settlingTags: 0 },
      { name: 'services/ill', staleSince: null, staleTags: 0, settlingTags: 1 },
    ]);
  });
});
