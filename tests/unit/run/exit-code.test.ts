import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressError } from '../../../src/publish/address-error.ts';
import { ForeignFileError } from '../../../src/publish/foreign-file-error.ts';
import { CredentialsError } from '../../../src/registry/credentials-error.ts';
import { toExitCode } from '../../../src/run/exit-code.ts';
import { ProcessError } from '../../../src/run/process-error.ts';
import { RunError } from '../../../src/run/run-error.ts';
import { SettingsError } from '../../../src/settings/settings-error.ts';
import { SnapshotError } from '../../../src/snapshot/snapshot-error.ts';

const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
const rows: readonly (readonly [error: unknown, exitCode: number])[] = [
  [new SettingsError('x', 'y'), 78],
  [new CredentialsError('x', 'y'), 78],
  [new SnapshotError('SNAPSHOT_NEWER', 'x', 'y'), 78],
  [new SnapshotError('SNAPSHOT_BROKEN', 'x', 'y'), 74],
  [new RunError('NO_SOURCE_ANSWERED', 'x', 'y'), 69],
  [new RunError('ALL_SOURCES_REFUSED', 'x', 'y'), 77],
  [new RunError('LOCKED', 'x', 'y'), 75],
  [new RunError('CANCELLED', 'x', 'y'), 75],
  [new RunError('CANNOT_WRITE', 'x', 'y'), 74],
  [new RunError('NO_SNAPSHOT', 'x', 'y'), 64],
  [new RunError('SHARDS_DIFFER', 'x', 'y'), 64],
  [new RunError('ALREADY_MERGED', 'x', 'y'), 64],
  [new RunError('NO_SHARD', 'x', 'y'), 69],
  [new RunError('SITE_INVALID', 'x', 'y'), 70],
  [full, 74],
  [new Error('wrapped', { cause: full }), 74],
  [Object.assign(new Error('x'), { code: 'EROFS' }), 74],
  [Object.assign(new Error('a file where a folder should be'), { code: 'EEXIST' }), 74],
  [Object.assign(new Error('x'), { code: 'ELOOP' }), 74],
  [new AddressError('127.0.0.1:80', Object.assign(new Error('x'), { code: 'EACCES' })), 64],
  [new TypeError('x is not a function'), 70],
  ['a string', 70],
  [new ProcessError('rendering the pages', 'it ended with 1', 'Error: ENOSPC: no space left on device, write'), 74],
  [
    new ProcessError(
      'rendering the pages',
      'it ended with 1',
      'Failed to write file\nNo space left on device (os error 28)',
    ),
    74,
  ],
  [new ProcessError('rendering the pages', 'it ended with 1', 'TypeError: x is not a function'), 70],
  [new ForeignFileError('/srv/homepage/current'), 74],
];
for (const [error, exitCode] of rows) {
  test(`${error instanceof Error ? `${error.name} ${'code' in error ? error.code : ''}` : error} is ${exitCode}`, () => {
    assert.equal(toExitCode(error), exitCode);
  });
}
