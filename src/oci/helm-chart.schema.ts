/** Chart config bytes -> `HelmChart`. */
import { z } from 'astro/zod';
import { boundText, mostEntries } from './bounded-text.ts';
import type { HelmChart } from './helm-chart.ts';
import { decodeWith, parseJson } from './json.ts';

const named = z.object({ name: z.string(), version: z.unknown().optional() });
/** A dependency is its name and version, a maintainer the name alone: addresses of people are not for a catalogue. */
const item = z.union([
  z.string(),
  named.transform(({ name, version }) => (typeof version === 'string' ? `${name} ${version}` : name)),
]);
const field = z.union([
  z.string(),
  z.literal(true).transform(() => 'true'),
  z.array(z.unknown()).transform((list) => {
    const texts = list.slice(0, mostEntries).map((entry) => item.safeParse(entry).data);
    return texts.filter((text) => text !== undefined).join(', ');
  }),
]);
const fields = z.record(z.string(), z.unknown()).transform((chart): Readonly<Record<string, string>> => {
  const texts = Object.entries(chart).flatMap(([key, value]) => {
    const text = field.safeParse(value).data;
    return text ? [[boundText(key, 255), boundText(text)] as const] : [];
  });
  return Object.fromEntries(texts.slice(0, mostEntries));
});

/**
 * Decodes the config of a Helm chart. Lists become one text; what is neither text, list nor true is left out. Throws a
 * `DecodeError`.
 */
export function decodeHelmChart(bytes: Uint8Array): HelmChart {
  return { chart: decodeWith(fields, parseJson(bytes, 'the chart config'), 'the chart config') };
}
