import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { deleteTools, formatDeleteCommand, quoteForShell } from '../../../src/view/delete-commands.ts';

it('every tool is told a digest of one repository', () => {
  const digest = computeDigest('x');
  const name = parseRepositoryName('releng/node24');
  assert.deepEqual(
    deleteTools.map((tool) => formatDeleteCommand(tool, '[::1]:5000', name, digest)),
    [
      `skopeo delete 'docker://[::1]:5000/releng/node24@${digest}'`,
      `crane delete '[::1]:5000/releng/node24@${digest}'`,
      `regctl manifest delete '[::1]:5000/releng/node24@${digest}'`,
      `reg rm '[::1]:5000/releng/node24@${digest}'`,
    ],
  );
});

it('a shell reads a quoted text as it is', () => {
  for (const text of ["it's", '$(touch x)', '`x`', 'a b', '*', '[a]', '\\', "'; rm x; '", '~', '!x', 'a\nb']) {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoteForShell(text)}`], { encoding: 'utf8' });
    assert.equal(stdout, text);
  }
});
