import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { describeAnswer, describeRemarks, encodeResults } from '../../../../scripts/commands/search-output.ts';
import { openSample, toRepository } from '../../search/sample-search.ts';

const plain = new PassThrough() as unknown as NodeJS.WriteStream;

describe('an answer in the terminal', () => {
  it('is one aligned line for each result', async () => {
    const { ask } = await openSample();
    assert.equal(
      describeAnswer(await ask('node24'), plain),
      [
        'releng/node24       24.18.0-s1  2026-08-16  182 MB  Exact name in its folder',
        'old/node24          1.0         -           -       deprecated · Exact name in its folder',
        'releng/node24-test  24.18.0     -           -       Start of a part',
        '',
      ].join('\n'),
    );
    assert.match(describeAnswer(await ask('bookworm:latest'), plain), /^bookworm:latest +- +- +Has the tag latest\n/);
    assert.match(
      describeAnswer(await ask('releng/node24:24.1.0'), plain),
      /^releng\/node24:24\.1\.0 +- +- +Has the tag/,
    );
  });

  it('is nothing where nothing was found, and the remarks say what is nearest', async () => {
    const { ask } = await openSample();
    const answer = await ask(':24.19.0');
    assert.equal(describeAnswer(answer, plain), '');
    assert.equal(describeRemarks(answer), 'No results\nnearest: :24.18.0, :24.1.0, :24.0\n');
  });

  it('shows what an author wrote without what would steer the terminal', async () => {
    const { ask } = await openSample([toRepository({ name: 'a', description: 'words \u001b[2J\u202e here' })]);
    const text = describeAnswer(await ask('words here'), plain);
    assert.match(text, /In the description: words ⟨U\+001B⟩\[2J⟨U\+202E⟩ here/);
  });

  it('as JSON is an array, best first, each with its name and what to pull', async () => {
    const { ask } = await openSample();
    const results = JSON.parse(encodeResults(await ask('node24:24.18.0'), 'registry.example.org'));
    assert.deepEqual(
      results.map(({ name, tag }: { name: string; tag: string }) => `${name}:${tag}`),
      ['releng/node24:24.18.0', 'releng/node24:24.18.0-s1', 'releng/node24-test:24.18.0'],
    );
    const { reference, recommended, why } = results[0];
    assert.equal(reference, 'registry.example.org/releng/node24:24.18.0');
    assert.deepEqual(recommended, { tag: '24.18.0-s1', reference: 'registry.example.org/releng/node24:24.18.0-s1' });
    assert.equal(why.code, 'tag');
    assert.deepEqual(
      results.map(({ createdOn, compressedSizeBytes }: Record<string, unknown>) => [createdOn, compressedSizeBytes]),
      [
        [null, null],
        ['2026-08-16', 182_000_000],
        [null, null],
      ],
      'the date and the size are those of the recommended tag',
    );
    assert.equal(encodeResults(await ask('zzzzqqqq'), 'registry.example.org'), '[]\n');
  });
});
