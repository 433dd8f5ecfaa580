/** What people paste into a search box: pull commands, lines of a Dockerfile or of a manifest, addresses of pages. */

const commands = /^(?:docker|podman|nerdctl|crictl|skopeo|buildah|ctr|crane|regctl|oras|helm|FROM|image:)$/;
const subcommands = /^(?:images?|pull|run|create|inspect|copy|push|manifest|digest|ls|tag|artifact)$/;
const schemes = /^['"]?(?:docker|oci|https?):\/\/+/i;
const filters = /^(?:arch|platform|kind|base|is|label):./i;

/** What stands around a reference in a line of something else: `--from=`, `image=`, quotes, brackets. */
const before = /^(?:-{0,2}[\w.-]+=)?['"`([{<]*/;
const after = /['"`)\]}>,;]+\.?$/;

/**
 * The reference in a pasted line, or the text as it is when it is no such line. A reference that begins with one of `hosts`
 * loses it; other hosts stay, for a first part with a dot may as well be a part of a name. A host with a path, such as
 * `registry.example.org/images/`, is where pages are: only a whole address begins with it, for an image may have that name.
 */
export function unwrapPasted(text: string, hosts: readonly string[]): string {
  const tokens = text.replace(/^[$#>-] /, '').split(' ');
  if (tokens[0] === 'sudo' && commands.test(tokens[1] ?? '')) tokens.shift();
  const places = hosts.map(toPlace).sort((a, b) => b.prefix.length - a.prefix.length);
  const stripped = tokens.map((token) => stripHost(token, places));
  const ownAt = stripped.findIndex((token) => token.isOurs);
  const own = stripped[ownAt];
  // Nobody writes a host after words that they search for: those are of a line that it was copied from.
  if (own !== undefined && (isCommand(tokens) || (ownAt > 0 && !tokens.some((token) => filters.test(token))))) {
    return own.text;
  }
  if (!isCommand(tokens)) return stripped.map((token) => token.text).join(' ');
  const first = stripped.slice(1).find((token) => !subcommands.test(token.text) && !token.text.startsWith('-'));
  return first?.text.replace(/^['"]+|['",;]+$/g, '') ?? text;
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

/** Where references, or pages, begin. */
interface Place {
  /** In lower case, with a slash at the end. */
  readonly prefix: string;
  readonly isOfPages: boolean;
}

function toPlace(host: string): Place {
  return { prefix: `${host.toLowerCase().replace(/\/$/, '')}/`, isOfPages: host.includes('/') };
}

function stripHost(token: string, places: readonly Place[]): StrippedToken {
  const peeled = token.replace(before, '').replace(after, '');
  const isOfWeb = /^https?:/i.test(peeled);
  const path = peeled.replace(schemes, '');
  const place = places.find(({ prefix, isOfPages }) => {
    return (isOfWeb || !isOfPages) && path.toLowerCase().startsWith(prefix);
  });
  if (place !== undefined) return { text: readPath(path.slice(place.prefix.length)), isOurs: true };
  const isAddress = schemes.test(token);
  const text = isAddress ? readPath(token.replace(schemes, '').replace(/['",;]+$/, '')) : token;
  return { text, isOurs: false };
}

/** The reference in the path of one of our pages or files, or of the registry's own API. */
function readPath(path: string): string {
  const api = /^(?:.*\/)?v2\/(.+)\/(?:manifests|blobs)\/([^/?#]+)/.exec(path);
  if (api !== null) return `${api[1]}${api[2]?.includes(':') ? '@' : ':'}${api[2]}`;
  const listed = /^(?:.*\/)?v2\/(.+)\/tags\/list(?:[?#]|$)/.exec(path)?.[1];
  if (listed !== undefined) return listed;
  const own = path
    .replace(/^(?:.*\/)?-\/(?:(?:api\/v\d+\/)?repositories|paths)\//, '')
    .replace(/(^|\/)-(?=index\.html)/g, '$1');
  const page = /^(.+)\/-\/sha(256|512)\/([0-9a-f]+)/.exec(own);
  if (page !== null) return `${page[1]}@sha${page[2]}:${page[3]}`;
  const file = own.replace(/[?#].*$/, '').replace(/^(.+?)\/-\/.*$/, '$1/');
  return file.replace(/\/tags\/$|\/$/, '');
}
