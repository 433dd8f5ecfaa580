/** What people paste into a search box: pull commands, lines of a Dockerfile or of a manifest, addresses of pages. */

const commands = /^(?:docker|podman|nerdctl|crictl|skopeo|buildah|ctr|crane|regctl|oras|helm|FROM|image:)$/;
const subcommands = /^(?:images?|pull|run|create|inspect|copy|push|manifest|digest|ls|tag|artifact)$/;
const schemes = /^['"]?(?:docker|oci|https?):\/\/+/i;

/**
 * The reference in a pasted line, or the text as it is when it is no such line. A reference that begins with one of `hosts`
 * loses it; other hosts stay, for a first part with a dot may as well be a part of a name.
 */
export function unwrapPasted(text: string, hosts: readonly string[]): string {
  const tokens = text.replace(/^[$#>-] /, '').split(' ');
  if (tokens[0] === 'sudo' && commands.test(tokens[1] ?? '')) tokens.shift();
  const longestFirst = hosts.map((host) => `${host.toLowerCase()}/`).sort((a, b) => b.length - a.length);
  const stripped = tokens.map((token) => stripHost(token, longestFirst));
  if (!isCommand(tokens)) return stripped.map((token) => token.text).join(' ');
  const own = stripped.find((token) => token.isOurs);
  const first = stripped.slice(1).find((token) => !subcommands.test(token.text) && !token.text.startsWith('-'));
  return (own ?? first)?.text ?? text;
}

/** A lone first word may be what is searched for: `helm chart`, `docker pull`. */
function isCommand(tokens: readonly string[]): boolean {
  const [first = '', second = ''] = tokens;
  if (!commands.test(first)) return false;
  return subcommands.test(second) ? tokens.length > 2 : /^(?:FROM|image:)$/.test(first) && tokens.length > 1;
}

interface StrippedToken {
  readonly text: string;
  readonly isOurs: boolean;
}

function stripHost(token: string, hosts: readonly string[]): StrippedToken {
  const isAddress = schemes.test(token);
  const reference = isAddress ? token.replace(schemes, '').replace(/['",;]+$/, '') : token;
  const host = hosts.find((candidate) => reference.toLowerCase().startsWith(candidate));
  if (host !== undefined) return { text: readPath(reference.slice(host.length)), isOurs: true };
  return { text: isAddress ? readPath(reference) : token, isOurs: false };
}

/** The reference in the path of one of our pages, or of the registry's own API. */
function readPath(path: string): string {
  const api = /^(?:.*\/)?v2\/(.+)\/(?:manifests|blobs)\/([^/?#]+)/.exec(path);
  if (api !== null) return `${api[1]}${api[2]?.includes(':') ? '@' : ':'}${api[2]}`;
  const page = /^(.+)\/-\/sha(256|512)\/([0-9a-f]+)/.exec(path);
  if (page !== null) return `${page[1]}@sha${page[2]}:${page[3]}`;
  return path.replace(/[?#].*$/, '').replace(/\/(?:-\/tags\/\d+|tags)\/$|\/$/, '');
}
