/**
 * Patterns in the operator's files. One that is seen to match no name is an error: who hides `restricted/` believes it hidden.
 */
import { z } from 'astro/zod';
import { createNameMatcher, isExpression } from './name-patterns.ts';

type Named = 'repository' | 'tag';

/** A pattern of names of repositories, or of tags. */
function createPatternSchema(named: Named) {
  return z
    .string()
    .min(1)
    .superRefine((pattern, { addIssue }) => {
      const problem = findPatternProblem(pattern, named);
      if (problem !== null) addIssue({ code: 'custom', message: problem });
    });
}

/** One that may match nothing, for where that hides nothing. */
export const anyPattern = z.string().min(1).refine(compiles, 'not a valid pattern');
export const repositoryPatterns = z.array(createPatternSchema('repository'));
export const tagPatterns = z.array(createPatternSchema('tag'));

/** Why a pattern means nothing, or null. Regular expressions are only compiled: what they match, nobody can say. */
export function findPatternProblem(pattern: string, named: Named): string | null {
  if (!compiles(pattern)) return 'not a valid pattern';
  const glob = pattern.replace(/^!/, '');
  if (isExpression(glob)) return null;
  if (glob.startsWith('/')) return 'begins with a slash, as no name does; a regular expression ends with one as well';
  const plain = withoutChoices(glob);
  if (named === 'tag' && plain.replace(beforeAnyTag, '').includes('/')) {
    return 'holds a slash, as no tag does; patterns of repositories have keys of their own';
  }
  if (glob.endsWith('/'))
    return `ends with a slash, as no name does; expected ${JSON.stringify(withoutLastSlash(pattern, named))}`;
  const strange = charactersBeyond[named].exec(plain)?.[0];
  if (strange === undefined) return glob.includes('//') ? 'holds two slashes in a row, as no name does' : null;
  if (/[A-Z]/.test(strange)) return `holds ${JSON.stringify(strange)}, and the names of repositories are in lower case`;
  return `holds ${JSON.stringify(strange)}, as no name of a ${named} does`;
}

/** What is in no name, and means nothing in a glob. */
const charactersBeyond: Readonly<Record<Named, RegExp>> = {
  repository: /[^a-z0-9._/*?!+@(){}[\]|,\\-]/,
  tag: /[^A-Za-z0-9._/*?!+@(){}[\]|,\\-]/,
};

/** What may stand in a glob before a name that has no slash. */
const beforeAnyTag = /^(?:\.\/)?(?:\*\*\/)*/;

/** What was most likely meant by a pattern that ends with a slash: all that lies beneath. */
function withoutLastSlash(pattern: string, named: Named): string {
  const bare = pattern.replace(/(?:\/\*\*)*\/+$/, '');
  return named === 'tag' || bare.endsWith('**') ? bare : `${bare}/**`;
}

/** The glob without what offers a choice: of several alternatives one may be strange, and the others may not. */
function withoutChoices(glob: string): string {
  return glob.replace(/\\./g, '').replace(/\[[^\]]*\]|\{[^}]*\}|\([^)]*\)/g, '');
}

function compiles(pattern: string): boolean {
  try {
    createNameMatcher([pattern]);
    return true;
  } catch {
    return false;
  }
}
