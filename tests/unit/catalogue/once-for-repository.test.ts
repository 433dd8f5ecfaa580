import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Repository } from '../../../src/catalogue/model.ts';
import { onceForRepository } from '../../../src/catalogue/once-for-repository.ts';

it('answers once for each repository and key', () => {
  const asked: string[] = [];
  const ask = onceForRepository(({ name }: Repository, key: string) => {
    asked.push(`${name} ${key}`);
    return [name, key];
  });
  const [one, other] = ['a', 'b'].map((name) => ({ name }) as Repository) as [Repository, Repository];
  const first = ask(one, 'x');
  assert.equal(ask(one, 'x'), first);
  assert.deepEqual(ask(one, 'y'), ['a', 'y']);
  assert.deepEqual(ask(other, 'x'), ['b', 'x']);
  assert.deepEqual(asked, ['a x', 'a y', 'b x']);
});
