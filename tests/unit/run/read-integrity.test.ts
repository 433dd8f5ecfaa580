/** What a build is told of an audit that it cannot read: nothing, and the operator why. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createEventLog } from '../../../src/run/event-log.ts';
import { readIntegrity } from '../../../src/run/read-integrity.ts';
import { useFolder } from '../../support/run-program.ts';

const spoils: Readonly<Record<string, readonly [spoil: (file: string) => Promise<unknown>, says: RegExp]>> = {
  'a newer program wrote': [(file) => writeFile(file, '{"schemaVersion": 99}'), /schema version 99/],
  'is half written': [(file) => writeFile(file, '{"schemaVersion": 1, "cyc'), /bytes\.json is damaged/],
  'is of another shape': [(file) => writeFile(file, '{"schemaVersion": 1, "checks": 3}'), /bytes\.json is damaged/],
  // As root, who may read every file, tests cannot be refused one.
  'the system does not give': [(file) => mkdir(file), /EISDIR/],
};

describe('an audit is no reason not to publish, where it is one that', () => {
  for (const [which, [spoil, says]] of Object.entries(spoils)) {
    it(which, async (t) => {
      const stateDir = await useFolder(t);
      await mkdir(join(stateDir, 'integrity'));
      await spoil(join(stateDir, 'integrity', 'bytes.json'));
      const lines: string[] = [];
      const log = createEventLog({
        ...{ format: 'text', level: 'info', journal: false },
        clock: () => new Date(0),
        print: (line) => lines.push(line),
      });
      const known = await readIntegrity(stateDir, [], log);
      assert.deepEqual(known, { bytes: null, sizes: null, faults: [], concerned: [] });
      assert.match(lines.join('\n'), says);
    });
  }
});
