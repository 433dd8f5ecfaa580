/** The build of an image, step by step: what each adds, and the line of history that it leaves. */
import { createLayer, type Layer } from '../image/layer.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import type { BuildStep, ImageStack } from './image-stack.ts';
import { isBuiltByBuildKit, type Product, toCreated } from './product.ts';
import type { Runtime } from './runtime.ts';
import { drawBetween } from './seeded.ts';

export function toSteps(
  product: Product,
  runtime: Runtime,
  stack: ImageStack,
  settings: CatalogueSettings,
): readonly BuildStep[] {
  const write = isBuiltByBuildKit(product.name) ? buildKitStep : dockerStep;
  const created = toCreated(product) ?? '0001-01-01T00:00:00Z';
  const install = (): BuildStep => {
    const layer = createPackagesLayer(product, runtime, stack, settings);
    return write(
      created,
      'RUN',
      `apt-get update && apt-get install -y --no-install-recommends ${runtime.packages}`,
      layer,
    );
  };
  const copies = Array.from({ length: runtime.programParts ?? 1 }, (_, part) => {
    const layer = createProgramLayer(product, part, runtime, stack, settings);
    return write(created, 'COPY', `${part === 0 ? '.' : `part-${part}`} ${runtime.workingDir ?? '/usr/bin'}`, layer);
  });
  return [
    ...(stack.layers.length > 0 ? [install()] : []),
    ...copies,
    ...(runtime.user ? [write(created, 'USER', runtime.user)] : []),
    ...(runtime.ports ?? []).map((port) => write(created, 'EXPOSE', port)),
    ...(runtime.entrypoint ? [write(created, 'ENTRYPOINT', JSON.stringify(runtime.entrypoint))] : []),
  ];
}

/** Packages are new in every build, and grow with the years. */
function createPackagesLayer(
  { name, tag, builtAtMs }: Product,
  { packagesMegabytes: [from, to] }: Runtime,
  { platform }: ImageStack,
  { layerScale }: CatalogueSettings,
): Layer {
  const growth = 1 + (builtAtMs - Date.UTC(2026, 0)) / 3e12;
  const megabytes = drawBetween(from, to, name, 'packages') * growth;
  return createLayer(`${name} packages ${platform.architecture} ${tag}`, megabytes * 1e6 * layerScale);
}

/** A rebuild for security takes newer packages and keeps the program, so builds of one version share its layers. */
function createProgramLayer(
  { name, tag }: Product,
  part: number,
  { programMegabytes: [from, to] }: Runtime,
  { platform }: ImageStack,
  { layerScale }: CatalogueSettings,
): Layer {
  const version = tag.replace(/-s?(?:20\d{6}|\d{1,2})$/, '');
  const megabytes = drawBetween(from, to, name, part) * drawBetween(0.94, 1.04, name, part, version);
  return createLayer(`${name} program ${part} ${platform.architecture} ${version}`, megabytes * 1e6 * layerScale);
}

type Instruction = 'RUN' | 'COPY' | 'USER' | 'EXPOSE' | 'ENTRYPOINT';

function buildKitStep(created: string, instruction: Instruction, text: string, layer?: Layer): BuildStep {
  const createdBy = `${instruction} ${instruction === 'RUN' ? '/bin/sh -c ' : ''}${text} # buildkit`;
  return { created, createdBy, comment: 'buildkit.dockerfile.v0', ...(layer ? { layer } : {}) };
}

function dockerStep(created: string, instruction: Instruction, text: string, layer?: Layer): BuildStep {
  if (!layer) return { created, createdBy: `/bin/sh -c #(nop)  ${instruction} ${text}` };
  const target = text.slice(text.lastIndexOf(' ') + 1);
  const copied = `/bin/sh -c #(nop) COPY dir:${layer.diffId.slice('sha256:'.length)} in ${target} `;
  return { created, createdBy: instruction === 'RUN' ? `/bin/sh -c ${text}` : copied, layer };
}
