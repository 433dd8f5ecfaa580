/** Chart config bytes -> `HelmChart`. */
import type { HelmChart } from './helm-chart.ts';
import { decodeWith, parseJson } from './json.ts';
import { textMap } from './manifest.schema.ts';

/** Decodes the config of a Helm chart; fields that are not text are left out. Throws a `DecodeError`. */
export function decodeHelmChart(bytes: Uint8Array): HelmChart {
  return { chart: decodeWith(textMap, parseJson(bytes, 'the chart config'), 'the chart config') };
}
