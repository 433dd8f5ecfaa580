/** Builds of every image that is not a base image. */
import { type Build, encodeBuild } from './build.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import { createEmptyStack, extendStack, type RunConfig } from './image-stack.ts';
import { findPlatforms, isAttested, isBuiltByBuildKit, type Product, toCreated } from './product.ts';
import { toAnnotations, toLabels, toMaintainer } from './product-metadata.ts';
import { toSteps } from './product-steps.ts';
import { findRuntime, type Runtime } from './runtime.ts';

export function encodeProduct(product: Product, settings: CatalogueSettings): Build {
  const { name, tag, builtAtMs, parent } = product;
  const runtime = findRuntime(name);
  const config = { ...toRunConfig(runtime), Labels: toLabels(product, settings) };
  const platforms = findPlatforms(name);
  const wanted = platforms.map(({ architecture }) => architecture);
  const ground = parent?.stacks.filter(({ platform }) => wanted.includes(platform.architecture));
  const stacks = (ground ?? platforms.map(createEmptyStack)).map((stack) =>
    extendStack(stack, toSteps(product, runtime, stack, settings), config),
  );
  const family = isBuiltByBuildKit(name) ? 'oci' : 'docker';
  return encodeBuild({
    name,
    tag,
    builtAtMs,
    stacks,
    family,
    created: toCreated(product),
    author: family === 'docker' ? toMaintainer(name) : undefined,
    annotations: toAnnotations(product, settings),
    isAttested: isAttested(name),
  });
}

function toRunConfig(runtime: Runtime): RunConfig {
  return {
    ...(runtime.user ? { User: runtime.user } : {}),
    ...(runtime.workingDir ? { WorkingDir: runtime.workingDir } : {}),
    // A new entrypoint resets the command, as in a Dockerfile.
    ...(runtime.entrypoint ? { Entrypoint: runtime.entrypoint, Cmd: undefined } : {}),
    ...(runtime.command ? { Cmd: runtime.command } : {}),
    ...(runtime.ports ? { ExposedPorts: toKeySet(runtime.ports) } : {}),
    ...(runtime.volumes ? { Volumes: toKeySet(runtime.volumes) } : {}),
    ...(runtime.stopSignal ? { StopSignal: runtime.stopSignal } : {}),
    Env: runtime.env ?? [],
  };
}

function toKeySet(keys: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}
