/** Helm charts, as `helm push` stores them. */
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { encodeArtifact, type PushableContent } from '../image/encode-content.ts';
import { encodeGzipMember } from '../image/stored-frames.ts';
import { encodeTarEntry, tarEnd } from '../image/tar-entry.ts';
import { createBlob } from '../store/blob.ts';
import type { Put } from './special-repositories.ts';

interface Chart {
  readonly name: string;
  readonly description: string;
  /** Chart version, version of the application, time of the push; oldest first. */
  readonly versions: readonly (readonly [version: string, appVersion: string, createdAt: string])[];
}

const charts: readonly Chart[] = [
  {
    name: 'mathoid',
    description: 'Renders formulas as SVG and MathML',
    versions: [
      ['0.4.0', '2025-11-18', '2025-11-19T10:02:11Z'],
      ['0.4.1', '2026-02-03', '2026-02-04T16:31:40Z'],
      ['0.5.0-rc.1', '2026-06-23', '2026-06-24T08:55:02Z'],
      ['0.5.0', '2026-07-14', '2026-07-15T09:12:27Z'],
    ],
  },
  {
    name: 'python-webapp',
    description: 'A web application in Python behind the usual proxy',
    versions: [
      ['1.9.3', '1', '2026-01-12T13:20:00Z'],
      ['1.10.0', '1', '2026-05-07T11:44:58Z'],
      ['1.10.1_build.7', '1', '2026-08-11T07:03:36Z'],
    ],
  },
];

export function putCharts(put: Put): void {
  for (const chart of charts) {
    for (const version of chart.versions) put(`charts/${chart.name}`, encodeChart(chart, ...version), version[0]);
  }
}

/** `tag` is the version with `_` for `+`, which no tag may contain. */
function encodeChart(
  { name, description }: Chart,
  tag: string,
  appVersion: string,
  createdAt: string,
): PushableContent {
  const version = tag.replace('_', '+');
  const metadata = {
    name,
    version,
    description,
    apiVersion: 'v2',
    appVersion,
    type: 'application',
    home: `https://wiki.example.org/${name}`,
    sources: [`https://git.example.org/charts/${name}`],
    maintainers: [{ name: 'Service operations', email: 'charts@example.org' }],
    keywords: ['service', name],
  };
  const yaml = Object.entries(metadata).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  const archive = Buffer.concat([encodeTarEntry(`${name}/Chart.yaml`, Buffer.from(yaml.join(''))), tarEnd]);
  return encodeArtifact({
    config: { mediaType: mediaTypes.helmConfig, content: JSON.stringify(metadata) },
    files: [
      {
        mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
        content: createBlob(encodeGzipMember(archive)),
      },
    ],
    annotations: {
      [annotationKeys.title]: name,
      [annotationKeys.version]: version,
      [annotationKeys.description]: description,
      [annotationKeys.created]: createdAt,
    },
  });
}
