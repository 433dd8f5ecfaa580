/** One platform of an image while it grows: what a build that starts `FROM` it takes over. */
import type { ImageHistory, ImageInput, PlatformJson } from '../image/encode-content.ts';
import type { Layer } from '../image/layer.ts';

/** The config's `config`, as it stands in the document. */
export interface RunConfig {
  readonly User?: string | undefined;
  readonly ExposedPorts?: Readonly<Record<string, object>> | undefined;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | undefined;
  readonly Cmd?: readonly string[] | undefined;
  readonly Volumes?: Readonly<Record<string, object>> | undefined;
  readonly WorkingDir?: string | undefined;
  readonly Labels?: Readonly<Record<string, string>> | undefined;
  readonly StopSignal?: string | undefined;
}

export interface ImageStack {
  readonly platform: PlatformJson;
  readonly layers: readonly Layer[];
  readonly history: readonly ImageHistory[];
  readonly config: RunConfig;
}

export interface BuildStep {
  readonly created: string;
  readonly createdBy: string;
  /** Default: a step that changes no file. */
  readonly layer?: Layer;
  readonly comment?: string;
}

export function createEmptyStack(platform: PlatformJson): ImageStack {
  return { platform, layers: [], history: [], config: {} };
}

export function extendStack(stack: ImageStack, steps: readonly BuildStep[], config: RunConfig): ImageStack {
  const history = steps.map(({ created, createdBy, layer, comment }) => ({
    created,
    created_by: createdBy,
    ...(comment ? { comment } : {}),
    ...(layer ? {} : { empty_layer: true }),
  }));
  const layers = steps.map(({ layer }) => layer).filter((layer) => layer !== undefined);
  return {
    platform: stack.platform,
    layers: [...stack.layers, ...layers],
    history: [...stack.history, ...history],
    config: {
      ...stack.config,
      ...config,
      Env: mergeEnv(stack.config.Env ?? [], config.Env ?? []),
      ExposedPorts: config.ExposedPorts ?? stack.config.ExposedPorts,
      Labels: { ...stack.config.Labels, ...config.Labels },
    },
  };
}

export function toImageInput(stack: ImageStack): ImageInput {
  return {
    platform: stack.platform,
    config: { ...stack.config },
    layers: stack.layers.map((layer) => ({ layer })),
    history: stack.history,
  };
}

/** A later value of a variable takes the place of an earlier one. */
function mergeEnv(before: readonly string[], after: readonly string[]): readonly string[] {
  const byName = new Map([...before, ...after].map((entry) => [entry.slice(0, entry.indexOf('=')), entry]));
  return [...byName.values()];
}
