/** Commands to paste. Every part has passed its grammar (host, name, tag, digest), so nothing in them needs quoting. */
import type { Kind } from '../catalogue/kinds.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference, type RepositoryName, type Tag } from '../oci/reference.ts';
import { type ImageTool, imageTools } from '../settings/image-tools.ts';

export type Tool = ImageTool | 'helm' | 'oras';

export interface PullCommand {
  readonly tool: Tool;
  readonly command: string;
}

/** What to pull: a tag, which may move, or a digest, which cannot. */
export type PullTarget = { readonly tag: Tag } | { readonly digest: Digest };

/** The commands that pull something of this kind, the usual tool first; images with the tools that are `preferred`. */
export function listPullCommands(
  kind: Kind,
  host: string,
  name: RepositoryName,
  target: PullTarget,
  preferred: readonly ImageTool[] = imageTools,
): readonly PullCommand[] {
  const tools = toolsOf(kind, target, preferred);
  return tools.map((tool) => ({ tool, command: toCommand(tool, kind, host, name, target) }));
}

/** Those that follow an index within an index, as containerd does; podman and skopeo refuse it. */
const nestedTools: readonly ImageTool[] = ['nerdctl', 'crictl', 'docker'];

/** Of the `preferred` tools those that can pull such an image; where none of them can, others that do. */
export function pickImageTools(isNested: boolean, preferred: readonly ImageTool[] = imageTools): readonly ImageTool[] {
  if (!isNested) return preferred;
  const able = preferred.filter((tool) => nestedTools.includes(tool));
  return able.length > 0 ? able : nestedTools;
}

/** The commands that print a manifest's own bytes, whatever it is. */
export function listInspectCommands(host: string, name: RepositoryName, digest: Digest): readonly string[] {
  const reference = formatReference(host, name, { digest });
  return [
    `skopeo inspect --raw docker://${reference}`,
    `crane manifest ${reference}`,
    `oras manifest fetch ${reference}`,
  ];
}

/** Skopeo copies everything that has a manifest; `oras pull` only files that the manifest names, which charts do not. */
function toolsOf(kind: Kind, target: PullTarget, preferred: readonly ImageTool[]): readonly Tool[] {
  switch (kind) {
    case 'image':
    case 'image-index':
      return preferred;
    case 'helm-chart':
      return 'tag' in target && !isChartVersion(target.tag) ? ['skopeo'] : ['helm', 'skopeo'];
    case 'docker-schema1':
    case 'unknown':
      return ['skopeo'];
    default:
      return ['oras', 'skopeo'];
  }
}

function toCommand(tool: Tool, kind: Kind, host: string, name: RepositoryName, target: PullTarget): string {
  const reference = formatReference(host, name, target);
  switch (tool) {
    case 'skopeo':
      return toSkopeoCommand(kind, reference, name, target);
    case 'helm':
      return toHelmCommand(host, name, target);
    default:
      return `${tool} pull ${reference}`;
  }
}

/**
 * Skopeo copies, so it needs a place to copy to. Schema 1 fits into no OCI layout and goes into a plain folder; of what no
 * tool knows there are bytes to print. `--all` copies every platform: without it skopeo looks for that of its own host, and
 * stops where there is none.
 */
function toSkopeoCommand(kind: Kind, reference: string, name: RepositoryName, target: PullTarget): string {
  const folder = name.slice(name.lastIndexOf('/') + 1);
  if (kind === 'unknown') return `skopeo inspect --raw docker://${reference}`;
  if (kind === 'docker-schema1') return `skopeo copy docker://${reference} dir:${folder}`;
  const all = kind === 'image' ? '' : '--all ';
  const named = 'tag' in target && isLayoutName(target.tag) ? `:${target.tag}` : '';
  return `skopeo copy ${all}docker://${reference} oci:${folder}${named}`;
}

/**
 * Whether an OCI layout can name a manifest so. Its grammar is narrower than that of tags, and skopeo refuses `1.0_` or
 * `1.0__2`; what has no name is copied all the same.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
function isLayoutName(tag: Tag): boolean {
  return /^[A-Za-z0-9]+(?:(?:[-._]|--)[A-Za-z0-9]+)*$/.test(tag);
}

/** Helm takes versions for tags, and of tags only those that are versions; `_` stands for the `+` that no tag can hold. */
function isChartVersion(tag: Tag): boolean {
  return /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(_[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/.test(tag);
}

/**
 * By digest from Helm 3.17 on.
 *
 * @see https://helm.sh/docs/topics/registries/#oci-feature-deprecation-and-behavior-changes-with-v370
 */
function toHelmCommand(host: string, name: RepositoryName, target: PullTarget): string {
  if ('digest' in target) return `helm pull oci://${host}/${name}@${target.digest}`;
  return `helm pull oci://${host}/${name} --version ${target.tag.replaceAll('_', '+')}`;
}
