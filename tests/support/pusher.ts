/** Pushes content to any registry over HTTP: how the tests fill a real one. */

import type { PushableContent } from '../../scripts/demo-registry/image/encode-content.ts';
import type { StoredBlob } from '../../scripts/demo-registry/store/blob.ts';
import type { StoredManifest } from '../../scripts/demo-registry/store/registry-store.ts';
import type { Digest } from '../../src/oci/digest.ts';
import type { RepositoryName, Tag } from '../../src/oci/reference.ts';
import { type Exchange, type ExchangeOptions, exchange } from './exchange.ts';

export interface Pusher {
  /** Does nothing for a blob that this pusher brought to the repository before. */
  pushBlob(name: RepositoryName, blob: StoredBlob): Promise<void>;
  pushManifest(name: RepositoryName, manifest: StoredManifest, reference?: Tag): Promise<void>;
  /** Blobs, children, the manifest, and its tags. */
  pushContent(name: RepositoryName, content: PushableContent, tags?: readonly Tag[]): Promise<void>;
  deleteManifest(name: RepositoryName, digest: Digest): Promise<void>;
}

export interface PusherOptions {
  /** The value of `Authorization` on every request. */
  readonly authorization?: string;
}

/** Every method rejects with method, address, status and body when the registry does not do as it was asked. */
export function createPusher(url: string, { authorization }: PusherOptions = {}): Pusher {
  /** Which repositories have a blob: the first is where the next ones mount it from. */
  const holders = new Map<Digest, Set<RepositoryName>>();
  const credentials = authorization ? { Authorization: authorization } : {};

  const send = async (
    method: string,
    target: string,
    expected: readonly number[],
    options: ExchangeOptions = {},
  ): Promise<Exchange> => {
    const address = new URL(target, url).href;
    const answer = await exchange(address, { ...options, method, headers: { ...credentials, ...options.headers } });
    if (expected.includes(answer.status)) return answer;
    throw new Error(`${method} ${address}: ${answer.status} ${answer.text.slice(0, 500)}`);
  };

  const pushBlob: Pusher['pushBlob'] = async (name, blob) => {
    const known = holders.get(blob.digest);
    if (known?.has(name)) return;
    const [from] = known ?? [];
    const mount = from ? `?mount=${blob.digest}&from=${from}` : '';
    const started = await send('POST', `/v2/${name}/blobs/uploads/${mount}`, [201, 202], { body: '' });
    if (started.status === 202) {
      const location = new URL(started.headers.location ?? '', url);
      location.searchParams.set('digest', blob.digest);
      await send('PUT', location.href, [201], {
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': blob.sizeBytes },
        body: blob.read(0, blob.sizeBytes),
      });
    }
    holders.set(blob.digest, (known ?? new Set()).add(name));
  };

  const pushManifest: Pusher['pushManifest'] = async (name, { digest, mediaType, bytes }, reference) => {
    const target = `/v2/${name}/manifests/${reference ?? digest}`;
    const answer = await send('PUT', target, [201], { headers: { 'Content-Type': mediaType }, body: bytes });
    const stored = answer.headers['docker-content-digest'];
    if (stored !== digest) throw new Error(`PUT ${url}${target}: stored as ${stored}, not ${digest}`);
  };

  const pushContent: Pusher['pushContent'] = async (name, { manifest, blobs, children }, tags = []) => {
    for (const blob of blobs) await pushBlob(name, blob);
    for (const child of children) await pushContent(name, child);
    if (tags.length === 0) await pushManifest(name, manifest);
    for (const tag of tags) await pushManifest(name, manifest, tag);
  };

  return {
    pushBlob,
    pushManifest,
    pushContent,
    deleteManifest: async (name, digest) => {
      await send('DELETE', `/v2/${name}/manifests/${digest}`, [202]);
    },
  };
}
