/** The name that an address at which nothing lives was probably meant to have. */

/**
 * `/images/releng/nod24/tags/` below `/images/` -> `releng/nod24`. Null for what looks like no image's address. `base` ends in
 * a slash.
 */
export function toMistypedName(pathname: string, base: string): string | null {
  if (!pathname.startsWith(base)) return null;
  const [path = ''] = decode(pathname.slice(base.length)).split(/(?:^|\/)-\//);
  const name = path
    .toLowerCase()
    .replace(/\/(?:tags?|index\.html?)?\/?$/, '')
    .replace(/\/tags$/, '')
    .replace(/^\/+|\/+$/g, '');
  return /^[a-z0-9][a-z0-9._/-]{1,254}$/.test(name) ? name : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
