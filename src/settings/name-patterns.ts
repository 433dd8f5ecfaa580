/** Which names a list of patterns means: globs, `!` to take back, a regular expression between slashes. */
import picomatch from 'picomatch';

/** Whether a name is meant. */
export type NameMatcher = (name: string) => boolean;

/**
 * Compiles a list of patterns. They are read in order and the last one that matches decides, as in a `.gitignore`, so
 * `["**", "!ml/**"]` means everything save what lies beneath `ml/`. An empty list means nothing.
 *
 * In a glob `*` stays within one part of the name and `**` crosses slashes; `team/**` also means `team`.
 * `/^team-[0-9]+\//` is a regular expression and is not anchored.
 *
 * Throws a `SyntaxError` when a regular expression cannot be compiled.
 */
export function createNameMatcher(patterns: readonly string[]): NameMatcher {
  const rules = patterns.map((pattern) => {
    const takesBack = pattern.startsWith('!');
    return { takesBack, matches: compile(takesBack ? pattern.slice(1) : pattern) };
  });
  const decide = (name: string) => {
    const decisive = rules.findLast((rule) => rule.matches(name));
    return decisive !== undefined && !decisive.takesBack;
  };
  const decided = new Map<string, boolean>();
  return (name) => {
    // What a registry sends may be of any length, and none of that is a name.
    if (name.length > longestName) return decide(name);
    const before = decided.get(name);
    if (before !== undefined) return before;
    if (decided.size >= mostRemembered) decided.clear();
    const isMeant = decide(name);
    decided.set(name, isMeant);
    return isMeant;
  };
}

/** Whether it is a regular expression, and no glob. */
export function isExpression(pattern: string): boolean {
  return pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/');
}

/** Tags are called alike in thousands of repositories, and each is held against several lists. */
const mostRemembered = 4096;
const longestName = 255;

function compile(pattern: string): NameMatcher {
  if (isExpression(pattern)) {
    const expression = new RegExp(pattern.slice(1, -1), 'u');
    return (name) => expression.test(name);
  }
  return picomatch(pattern, { dot: true });
}
