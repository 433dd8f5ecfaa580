/**
 * What a tag is, worked out by itself: from what skopeo reads, by the words of the specification. Nothing here knows the
 * catalogue's own rules, so that the two can be held against each other.
 */
import { createHash } from 'node:crypto';
import { exchange } from './exchange.ts';
import { runSkopeo, toSkopeoReference } from './run-skopeo.ts';

export interface IndependentPlatform {
  /** `linux/arm64/v8`, `windows/amd64 (10.0.1)`; `unknown` where nobody says. */
  readonly platform: string;
  readonly digest: string;
  readonly sizeBytes: number | null;
  readonly createdAt: string | null;
}

export interface IndependentFacts {
  readonly digest: string;
  readonly kind: string;
  readonly artifactType: string | null;
  readonly createdAt: string | null;
  /** Of what is no index: the sum of its layers. */
  readonly sizeBytes: number | null;
  /** In the order of their digests, then names. */
  readonly platforms: readonly IndependentPlatform[];
  /** `signature sha256:…` for each thing that is about it, or about one of its platforms; sorted. */
  readonly attached: readonly string[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: PlatformJson;
}

interface PlatformJson {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
}

interface Document {
  readonly mediaType?: string;
  readonly schemaVersion?: number;
  readonly artifactType?: string;
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
}

const created = 'org.opencontainers.image.created';

/** A reader of one repository. What skopeo cannot read is not there. */
export function createIndependentReader(url: string, name: string) {
  const documents = new Map<string, Promise<{ readonly digest: string; readonly document: Document } | null>>();

  const read = (reference: string) => {
    const known = documents.get(reference);
    if (known !== undefined) return known;
    const reading = runSkopeo('inspect', '--raw', toSkopeoReference(url, name, reference)).then(
      (text) => ({
        digest: `sha256:${createHash('sha256').update(toSignedBytes(text)).digest('hex')}`,
        document: JSON.parse(text) as Document,
      }),
      () => null,
    );
    documents.set(reference, reading);
    return reading;
  };

  /** Every manifest beneath, attestations and artifacts of their own left out. */
  async function listPlatforms(digest: string, named: Descriptor | null): Promise<readonly IndependentPlatform[]> {
    const found = await read(digest);
    if (found?.document.manifests !== undefined) {
      const children = found.document.manifests.filter((child) => !isAttestation(child) && !child.artifactType);
      return (await Promise.all(children.map((child) => listPlatforms(child.digest, child)))).flat();
    }
    if (found === null) {
      return [{ platform: formatPlatform(named?.platform), digest, sizeBytes: null, createdAt: null }];
    }
    if (toKind(found.document) !== 'image') return [];
    const config = await readConfig(digest);
    return [
      {
        platform: formatPlatform(named?.platform ?? config),
        digest,
        sizeBytes: sumLayers(found.document),
        createdAt: toDate(found.document.annotations?.[created]) ?? toDate(config.created),
      },
    ];
  }

  async function readConfig(digest: string): Promise<PlatformJson & { readonly created?: string }> {
    return JSON.parse(await runSkopeo('inspect', '--config', '--raw', toSkopeoReference(url, name, digest)));
  }

  async function listAttached(subjects: readonly string[], tags: readonly string[]): Promise<readonly string[]> {
    const attached = new Set<string>();
    for (const subject of subjects) {
      const prefix = subject.replace(':', '-');
      for (const tag of tags.filter((one) => one.startsWith(`${prefix}.`))) {
        const found = await read(tag);
        if (found !== null) attached.add(`${toKind(found.document)} ${found.digest}`);
      }
      const listed = tags.includes(prefix) ? await read(prefix) : null;
      const answer = await exchange(`${url}/v2/${name}/referrers/${subject}`);
      const byApi = answer.status === 200 ? (answer.json as Document) : null;
      for (const { digest } of [...(listed?.document.manifests ?? []), ...(byApi?.manifests ?? [])]) {
        const found = await read(digest);
        if (found !== null) attached.add(`${toKind(found.document)} ${digest}`);
      }
    }
    return [...attached].sort();
  }

  return {
    async readTag(tag: string, tags: readonly string[]): Promise<IndependentFacts> {
      const found = await read(tag);
      if (found === null) throw new Error(`skopeo cannot read ${name}:${tag}`);
      const { digest, document } = found;
      const platforms = (await listPlatforms(digest, null)).toSorted(byDigest);
      const dates = [...platforms.map(({ createdAt }) => createdAt), ...(await listArtifactDates(digest))];
      const within = await listAttestations(digest);
      const subjects = [digest, ...(document.manifests === undefined ? [] : platforms.map((one) => one.digest))];
      return {
        digest,
        kind: toKind(document),
        artifactType: toArtifactType(document),
        createdAt: toDate(document.annotations?.[created]) ?? newest(dates),
        sizeBytes: document.manifests === undefined ? sumLayers(document) : null,
        platforms,
        attached: [...new Set([...within, ...(await listAttached(subjects, tags))])].sort(),
      };
    },
  };

  /** When what is no image beneath it was made: only a manifest's annotation says so. */
  async function listArtifactDates(digest: string): Promise<readonly (string | null)[]> {
    const document = (await read(digest))?.document;
    if (document === undefined) return [];
    if (document.manifests === undefined) return [toDate(document.annotations?.[created])];
    const children = document.manifests.filter((child) => !isAttestation(child));
    return (await Promise.all(children.map((child) => listArtifactDates(child.digest)))).flat();
  }

  async function listAttestations(digest: string): Promise<readonly string[]> {
    const children = (await read(digest))?.document.manifests ?? [];
    const nested = await Promise.all(children.map((child) => listAttestations(child.digest)));
    return [...children.filter(isAttestation).map((child) => `attestation ${child.digest}`), ...nested.flat()];
  }
}

/** Docker's schema 1 carries its signatures within; its digest is of what they sign. */
function toSignedBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  const { signatures } = JSON.parse(text) as { readonly signatures?: readonly { readonly protected: string }[] };
  const header = signatures?.[0]?.protected;
  if (header === undefined) return bytes;
  const { formatLength, formatTail } = JSON.parse(Buffer.from(header, 'base64url').toString());
  return Buffer.concat([bytes.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]);
}

function isAttestation({ platform, annotations }: Descriptor): boolean {
  return platform?.os === 'unknown' || annotations?.['vnd.docker.reference.type'] !== undefined;
}

function toKind({ manifests, config, layers = [], artifactType = '', annotations, schemaVersion }: Document): string {
  if (schemaVersion === 1) return 'docker-schema1';
  if (manifests !== undefined) {
    const isForPlatforms = manifests.some((child) => !isAttestation(child) && !child.artifactType);
    return isForPlatforms && artifactType === '' ? 'image-index' : 'artifact';
  }
  const type = config?.mediaType ?? '';
  if (type.includes('helm')) return 'helm-chart';
  const predicate = annotations?.['dev.sigstore.bundle.predicateType'];
  if (predicate !== undefined) return predicate.includes('cosign/sign') ? 'signature' : 'attestation';
  const all = [artifactType, type, ...layers.map(({ mediaType }) => mediaType)].join(' ');
  if (/simplesigning|sigstore\.bundle/.test(all)) return 'signature';
  if (/in-toto|dsse/.test(all)) return 'attestation';
  if (/spdx|cyclonedx/.test(all)) return 'sbom';
  return /image\.config|container\.image/.test(type) && artifactType === '' ? 'image' : 'artifact';
}

function toArtifactType({ artifactType, config }: Document): string | null {
  if (artifactType) return artifactType;
  const type = config?.mediaType ?? '';
  return type === '' || /image\.config|container\.image|oci\.empty/.test(type) ? null : type;
}

/** Docker's schema 1 names its layers without their sizes. */
function sumLayers({ layers }: Document): number | null {
  if (layers === undefined) return null;
  return Object.values(Object.fromEntries(layers.map(({ digest, size }) => [digest, size]))).reduce((a, b) => a + b, 0);
}

/** Placeholders and the future are no dates. */
function toDate(recorded: string | undefined): string | null {
  const time = recorded === undefined ? Number.NaN : Date.parse(recorded);
  if (!(time > Date.UTC(1990) && time < Date.now() + 3_600_000)) return null;
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function newest(dates: readonly (string | null)[]): string | null {
  return (
    dates
      .filter((date) => date !== null)
      .toSorted()
      .at(-1) ?? null
  );
}

function formatPlatform(platform: Partial<PlatformJson> | undefined): string {
  if (!platform?.os || !platform.architecture) return 'unknown';
  const { os, architecture, variant, 'os.version': version } = platform;
  return `${os}/${architecture}${variant ? `/${variant}` : ''}${version ? ` (${version})` : ''}`;
}

function byDigest(a: IndependentPlatform, b: IndependentPlatform): number {
  return `${a.digest} ${a.platform}` < `${b.digest} ${b.platform}` ? -1 : 1;
}
