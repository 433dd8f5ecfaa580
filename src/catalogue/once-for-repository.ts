/** What every page of a repository asks about the whole of it is worked out once. */
import type { Repository } from './model.ts';

/**
 * The same function, that remembers what it answered about a repository and a key, for as long as somebody holds the
 * repository. Repositories never change, and nobody may change an answer.
 */
export function onceForRepository<Key, Answer>(
  answer: (repository: Repository, key: Key) => Answer,
): (repository: Repository, key: Key) => Answer {
  const known = new WeakMap<Repository, Map<Key, Answer>>();
  return (repository, key) => {
    const answers = known.get(repository) ?? new Map<Key, Answer>();
    known.set(repository, answers);
    const remembered = answers.get(key);
    if (remembered !== undefined) return remembered;
    const found = answer(repository, key);
    answers.set(key, found);
    return found;
  };
}
