import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command, CommanderError } from 'commander';
import { addCommonOptions, addCrawlOptions } from '../../../../scripts/commands/run-options.ts';

function parse(words: readonly string[]) {
  const command = addCrawlOptions(addCommonOptions(new Command('refresh'))).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: 'user' }).opts();
}

describe('an option whose value is no value', () => {
  for (const words of [
    ['--config', ''],
    ['--state-dir', ''],
    ['--site-dir='],
    ['--metrics-file', ''],
    ['--registry', ' '],
    ['--deadline', '0'],
    ['--deadline', '1441'],
  ]) {
    it(`${words.join(' ')} is wrong usage: it would be the working folder, or nothing`, () => {
      assert.throws(() => parse(words), CommanderError);
    });
  }
});

it('several registries may stand in one text, with any spaces about them', () => {
  const { registry } = parse(['--registry', ' http://a:5000  http://b:5000 ', '--registry', 'http://c:5000']);
  assert.deepEqual(registry, ['http://a:5000', 'http://b:5000', 'http://c:5000']);
});

describe('a variable that is empty', () => {
  const variables = ['CONFIG', 'REGISTRY', 'STATE_DIR', 'SITE_DIR', 'METRICS_FILE', 'LOG_FORMAT'] as const;
  for (const variable of variables.map((name) => `REGISTRY_HOMEPAGE_${name}`)) {
    it(`${variable} is one that nobody set`, (t) => {
      const before = process.env[variable];
      t.after(() => {
        if (before === undefined) delete process.env[variable];
        else process.env[variable] = before;
      });
      process.env[variable] = variable.endsWith('FORMAT') ? 'json' : 'set';
      assert.equal(JSON.stringify(parse([])).includes(process.env[variable]), true);
      process.env[variable] = '';
      assert.deepEqual(parse([]), { logFormat: 'text' });
    });
  }
});
