/**
 * The `WWW-Authenticate` header: how a registry says which credentials it wants.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */

export interface Challenge {
  /** In lower case: `basic`, `bearer`, … */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"?|([^\\s,"]*))\\s*`);
const scheme = new RegExp(`^[\\s,]*(${token})(?=\\s|,|$)`);

/** All challenges of the header, in order. What cannot be read is skipped: a broken challenge must not hide a good one. */
export function parseChallenges(header: string | undefined): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let rest = header ?? '';
  while (rest.trim() !== '') {
    const start = scheme.exec(rest);
    if (start === null) {
      rest = rest.slice(1);
      continue;
    }
    rest = rest.slice(start[0].length);
    const parameters = new Map<string, string>();
    for (let found = parameter.exec(rest); found !== null; found = parameter.exec(rest)) {
      parameters.set((found[1] ?? '').toLowerCase(), found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '');
      rest = rest.slice(found[0].length);
      if (!rest.startsWith(',')) break;
      const next = rest.slice(1);
      if (!parameter.test(next)) break;
      rest = next;
    }
    challenges.push({ scheme: (start[1] ?? '').toLowerCase(), parameters });
  }
  return challenges;
}
