/** The base images: a root file system each, rebuilt again and again. */
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import type { PlatformJson } from '../image/encode-content.ts';
import { createLayer } from '../image/layer.ts';
import { type Build, encodeBuild } from './build.ts';
import { dayMs, formatNanoseconds } from './build-times.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import { createEmptyStack, extendStack, type ImageStack } from './image-stack.ts';
import { type Distribution, distributions } from './lineage.ts';
import { amd64, arm64 } from './platforms.ts';
import { drawBetween } from './seeded.ts';

interface BaseImage {
  readonly rootMegabytes: number;
  readonly platforms: readonly PlatformJson[];
  /** How many of the newest builds still have a tag. */
  readonly keptBuilds: number;
}

const baseImages: Readonly<Record<Distribution, BaseImage>> = {
  jessie: { rootMegabytes: 54, platforms: [amd64], keptBuilds: 2 },
  stretch: { rootMegabytes: 45, platforms: [amd64], keptBuilds: 2 },
  buster: { rootMegabytes: 50, platforms: [amd64], keptBuilds: 4 },
  bullseye: { rootMegabytes: 55, platforms: [amd64], keptBuilds: 30 },
  bookworm: { rootMegabytes: 48, platforms: [amd64, arm64], keptBuilds: 64 },
  trixie: { rootMegabytes: 49, platforms: [amd64, arm64], keptBuilds: 50 },
};

export interface BaseImages {
  /** The build of `distribution` that was the newest at that time. */
  at(distribution: Distribution, atMs: number): Build;
  /** The builds that still have a tag, oldest first. */
  kept(distribution: Distribution): readonly Build[];
}

export function createBaseImages(settings: CatalogueSettings): BaseImages {
  const builds = new Map<string, Build>();

  const at = (distribution: Distribution, atMs: number): Build => {
    const builtAtMs = lastRebuildMs(distribution, atMs);
    const key = `${distribution} ${builtAtMs}`;
    const build = builds.get(key) ?? encodeBase(distribution, builtAtMs, settings);
    builds.set(key, build);
    return build;
  };

  const kept = (distribution: Distribution): readonly Build[] => {
    const newestFirst = [at(distribution, Number.POSITIVE_INFINITY)];
    while (newestFirst.length < baseImages[distribution].keptBuilds) {
      newestFirst.push(at(distribution, (newestFirst.at(-1)?.builtAtMs ?? 0) - 1));
    }
    return newestFirst.reverse();
  };

  return { at, kept };
}

/** Rebuilt every week since then; before, every quarter. A Sunday. */
const weeklySinceMs = Date.UTC(2025, 5, 1);
const weekMs = 7 * dayMs;

/** Some time in the night of the last day of rebuilding that was over at `atMs`. */
function lastRebuildMs(distribution: Distribution, atMs: number): number {
  const { firstMs, lastMs } = distributions[distribution];
  const nightMs = Math.floor(drawBetween(3600, 9000, distribution)) * 1000;
  const day = Math.min(Math.max(atMs - nightMs, firstMs), lastMs);
  const sinceMs = Math.max(firstMs, day < weeklySinceMs ? firstMs : weeklySinceMs);
  const rhythmMs = day < weeklySinceMs ? 13 * weekMs : weekMs;
  return sinceMs + Math.floor((day - sinceMs) / rhythmMs) * rhythmMs + nightMs;
}

function encodeBase(distribution: Distribution, builtAtMs: number, settings: CatalogueSettings): Build {
  const { rootMegabytes, platforms } = baseImages[distribution];
  const created = formatNanoseconds(builtAtMs);
  const day = created.slice(0, 10).replaceAll('-', '');
  const stacks = platforms.map((platform): ImageStack => {
    const seed = `${distribution} ${platform.architecture} ${day}`;
    const sizeBytes = (rootMegabytes + drawBetween(0, 2, seed)) * 1e6 * settings.layerScale;
    const root = createLayer(seed, sizeBytes);
    const sources = createLayer(`${distribution} package sources`, 0);
    return extendStack(
      createEmptyStack(platform),
      [
        { created, createdBy: `/bin/sh -c #(nop) ADD file:${root.diffId.slice(7, 39)} in / `, layer: root },
        { created, createdBy: '/bin/sh -c #(nop) COPY dir:sources in /etc/apt/ ', layer: sources },
        { created, createdBy: '/bin/sh -c #(nop)  CMD ["/bin/bash"]' },
      ],
      {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8'],
        Cmd: ['/bin/bash'],
      },
    );
  });
  return encodeBuild({
    name: parseRepositoryName(distribution),
    tag: parseTag(day),
    builtAtMs,
    family: 'docker',
    created,
    author: 'Base images <images@example.org>',
    stacks,
  });
}
