/** Requests, and what both registries answer to them. */
import { readBlob } from '../../scripts/demo-registry/store/blob.ts';
import { acceptedManifestTypes, mediaTypes } from '../../src/oci/media-type.ts';
import type { ExchangeOptions } from '../support/exchange.ts';
import { dockerImage, dockerList, kinds, layer, ociImage, ociIndex } from './contract-world.ts';

export const accept = { Accept: acceptedManifestTypes.join(', ') };
export const unknownDigest = `sha256:${'0'.repeat(64)}`;
const inKinds = (reference: string) => `/v2/kinds/all/manifests/${reference}`;

export interface ContractCase {
  readonly what: string;
  readonly target: string;
  readonly options?: ExchangeOptions;
  readonly status: number;
  /** By lower-case name; null: absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The `code` of the first error in the body. */
  readonly error?: string;
  readonly body?: Uint8Array | string;
}

const typeOf = (content: (typeof kinds)[keyof typeof kinds]) => content.manifest.mediaType;
const digestOf = (content: (typeof kinds)[keyof typeof kinds]) => content.manifest.digest;
const layerBytes = readBlob(layer.blob);
const layerTarget = `/v2/kinds/all/blobs/${layer.blob.digest}`;

export const contractCases: readonly ContractCase[] = [
  {
    what: 'the API is there',
    target: '/v2/',
    status: 200,
    body: '{}',
    headers: { 'docker-distribution-api-version': 'registry/2.0' },
  },
  { what: 'its address without the slash leads to it', target: '/v2', status: 301, headers: { location: '/v2/' } },
  { what: 'nothing is beside it', target: '/v2/nothing', status: 404 },
  { what: 'a name with a capital is no name', target: '/v2/Kinds/tags/list', status: 404 },
  { what: 'a tag that begins with a dash is no tag', target: inKinds('-x'), status: 404 },
  {
    what: 'tags cannot be changed as a list',
    target: '/v2/kinds/all/tags/list',
    options: { method: 'PUT' },
    status: 405,
    headers: { allow: 'GET' },
  },

  {
    what: 'a page of the catalog is at most 1000',
    target: '/v2/_catalog?n=1001',
    status: 400,
    error: 'PAGINATION_NUMBER_INVALID',
  },
  {
    what: 'n=0 looks like the end',
    target: '/v2/_catalog?n=0',
    status: 200,
    headers: { link: null },
    body: '{"repositories":[]}\n',
  },
  {
    what: 'after the last name comes nothing',
    target: '/v2/_catalog?last=zzz',
    status: 200,
    headers: { link: null },
    body: '{"repositories":[]}\n',
  },
  {
    what: 'a slash sorts before a dash',
    target: '/v2/_catalog?n=10&last=emptied',
    status: 200,
    headers: { link: null },
    body: '{"repositories":["kinds","kinds/all","kinds-more"]}\n',
  },
  {
    what: 'a page that ends with the catalog has no successor',
    target: '/v2/_catalog?n=3&last=emptied',
    status: 200,
    headers: { link: null },
  },
  {
    what: 'a page before the end links to the next',
    target: '/v2/_catalog?n=2&last=emptied',
    status: 200,
    headers: { link: '</v2/_catalog?last=kinds%2Fall&n=2>; rel="next"' },
  },

  {
    what: 'tags that are gone leave null',
    target: '/v2/emptied/tags/list',
    status: 200,
    body: '{"name":"emptied","tags":null}\n',
  },
  { what: 'without tags ever the name is unknown', target: '/v2/kinds/tags/list', status: 404, error: 'NAME_UNKNOWN' },
  { what: 'an unknown name is unknown', target: '/v2/no/such/tags/list', status: 404, error: 'NAME_UNKNOWN' },

  {
    what: 'no such tag',
    target: inKinds('none'),
    options: { headers: accept },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  {
    what: 'no such digest',
    target: inKinds(unknownDigest),
    options: { headers: accept },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  {
    what: 'no such repository',
    target: '/v2/no/such/manifests/latest',
    options: { headers: accept },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  { what: 'HEAD of no such tag', target: inKinds('none'), options: { method: 'HEAD' }, status: 404, body: '' },

  ...Object.entries(kinds).flatMap(([tag, content]): readonly ContractCase[] => {
    const { digest, bytes } = content.manifest;
    const headers = {
      'content-type': typeOf(content),
      'content-length': String(bytes.byteLength),
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    };
    const known = { ...accept, 'If-None-Match': `"${digest}"` };
    return [
      { what: `${tag} by tag`, target: inKinds(tag), options: { headers: accept }, status: 200, headers, body: bytes },
      {
        what: `${tag} by digest`,
        target: inKinds(digest),
        options: { headers: accept },
        status: 200,
        headers,
        body: bytes,
      },
      {
        what: `HEAD of ${tag}`,
        target: inKinds(tag),
        options: { method: 'HEAD', headers: accept },
        status: 200,
        headers,
        body: '',
      },
      { what: `${tag}, known`, target: inKinds(tag), options: { headers: known }, status: 304, body: '' },
      { what: `HEAD of ${tag}, known`, target: inKinds(tag), options: { method: 'HEAD', headers: known }, status: 304 },
      { what: `${tag} by digest, known`, target: inKinds(digest), options: { headers: known }, status: 304 },
    ];
  }),
  {
    what: 'a bare digest is an ETag too',
    target: inKinds('oci-image'),
    options: { headers: { ...accept, 'If-None-Match': digestOf(ociImage) } },
    status: 304,
  },
  {
    what: 'a weak ETag never matches',
    target: inKinds('oci-image'),
    options: { headers: { ...accept, 'If-None-Match': `W/"${digestOf(ociImage)}"` } },
    status: 200,
  },
  {
    what: 'a list of ETags never matches',
    target: inKinds('oci-image'),
    options: { headers: { ...accept, 'If-None-Match': `"x", "${digestOf(ociImage)}"` } },
    status: 200,
  },
  {
    what: 'what is known is not looked at for its type',
    target: inKinds('oci-image'),
    options: { headers: { 'If-None-Match': `"${digestOf(ociImage)}"` } },
    status: 304,
  },

  {
    what: 'an OCI manifest needs its type accepted',
    target: inKinds('oci-image'),
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  { what: 'by digest as well', target: inKinds(digestOf(ociImage)), status: 404, error: 'MANIFEST_UNKNOWN' },
  {
    what: 'an OCI index likewise',
    target: inKinds('oci-index'),
    options: { headers: { Accept: mediaTypes.ociManifest } },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  {
    what: 'a wildcard is not enough',
    target: inKinds('oci-index'),
    options: { headers: { Accept: '*/*' } },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  {
    what: 'parameters of a type do not matter',
    target: inKinds('oci-index'),
    options: { headers: { Accept: `text/html, ${mediaTypes.ociIndex};q=0.5` } },
    status: 200,
  },
  {
    what: 'a Docker list is resolved for who does not accept it',
    target: inKinds('docker-list'),
    options: { headers: { Accept: mediaTypes.dockerManifest } },
    status: 200,
    headers: { 'docker-content-digest': digestOf(dockerImage) },
  },
  {
    what: 'but not by digest',
    target: inKinds(digestOf(dockerList)),
    options: { headers: { Accept: mediaTypes.dockerManifest } },
    status: 200,
    headers: { 'docker-content-digest': digestOf(dockerList) },
  },

  {
    what: 'a blob',
    target: layerTarget,
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'content-length': String(layerBytes.byteLength),
      'docker-content-digest': layer.blob.digest,
      etag: `"${layer.blob.digest}"`,
    },
    body: layerBytes,
  },
  {
    what: 'HEAD of a blob',
    target: layerTarget,
    options: { method: 'HEAD' },
    status: 200,
    headers: { 'content-length': String(layerBytes.byteLength) },
    body: '',
  },
  {
    what: 'a known blob',
    target: layerTarget,
    options: { headers: { 'If-None-Match': `"${layer.blob.digest}"` } },
    status: 304,
  },
  {
    what: 'bytes from the middle of a blob',
    target: layerTarget,
    options: { headers: { Range: 'bytes=65000-140000' } },
    status: 206,
    headers: { 'content-range': `bytes 65000-140000/${layerBytes.byteLength}` },
    body: layerBytes.subarray(65_000, 140_001),
  },
  {
    what: 'the rest of a blob',
    target: layerTarget,
    options: { headers: { Range: 'bytes=190000-' } },
    status: 206,
    body: layerBytes.subarray(190_000),
  },
  {
    what: 'the end of a blob',
    target: layerTarget,
    options: { headers: { Range: 'bytes=-7' } },
    status: 206,
    body: layerBytes.subarray(-7),
  },
  {
    what: 'a blob of another repository',
    target: `/v2/kinds/blobs/${layer.blob.digest}`,
    status: 404,
    error: 'BLOB_UNKNOWN',
  },
  { what: 'no such blob', target: `/v2/kinds/all/blobs/${unknownDigest}`, status: 404, error: 'BLOB_UNKNOWN' },
  {
    what: 'a manifest is not a blob',
    target: `/v2/kinds/all/blobs/${digestOf(ociImage)}`,
    status: 404,
    error: 'BLOB_UNKNOWN',
  },
  {
    what: 'a digest of the wrong length',
    target: '/v2/kinds/all/blobs/sha256:00',
    status: 400,
    error: 'DIGEST_INVALID',
  },

  {
    what: 'a tag cannot be deleted by name',
    target: inKinds('untyped'),
    options: { method: 'DELETE' },
    status: 400,
    error: 'DIGEST_INVALID',
  },
  {
    what: 'no manifest to delete',
    target: inKinds(unknownDigest),
    options: { method: 'DELETE' },
    status: 404,
    error: 'MANIFEST_UNKNOWN',
  },
  { what: 'there is no referrers API', target: `/v2/kinds/all/referrers/${digestOf(ociImage)}`, status: 404 },
  {
    what: 'a manifest whose blobs are missing',
    target: '/v2/new/manifests/x',
    options: { method: 'PUT', headers: { 'Content-Type': mediaTypes.ociManifest }, body: ociImage.manifest.bytes },
    status: 400,
    error: 'MANIFEST_BLOB_UNKNOWN',
  },
  {
    what: 'an index whose children are missing',
    target: '/v2/new/manifests/x',
    options: { method: 'PUT', headers: { 'Content-Type': mediaTypes.ociIndex }, body: ociIndex.manifest.bytes },
    status: 400,
    error: 'MANIFEST_BLOB_UNKNOWN',
  },
  {
    what: 'a manifest that is not JSON',
    target: '/v2/new/manifests/x',
    options: { method: 'PUT', headers: { 'Content-Type': mediaTypes.ociManifest }, body: '{' },
    status: 400,
    error: 'MANIFEST_INVALID',
  },
  {
    what: 'a manifest of another type than it says',
    target: inKinds('x'),
    options: { method: 'PUT', headers: { 'Content-Type': mediaTypes.ociManifest }, body: dockerImage.manifest.bytes },
    status: 400,
    error: 'MANIFEST_INVALID',
  },
  {
    what: 'a manifest under the digest of another',
    target: inKinds(unknownDigest),
    options: { method: 'PUT', headers: { 'Content-Type': mediaTypes.ociManifest }, body: ociImage.manifest.bytes },
    status: 400,
    error: 'DIGEST_INVALID',
  },
];

/** Where the two differ by design: the demo registry does the simpler thing, and nothing of ours depends on either. */
export const differences: readonly (Pick<ContractCase, 'what' | 'target' | 'options'> &
  Record<'demo' | 'real', number>)[] = [
  {
    what: 'a malformed digest of a manifest is a defect of the real one',
    target: inKinds('sha256:00'),
    demo: 400,
    real: 500,
  },
  { what: 'so is a name that is too long', target: `/v2/${'a'.repeat(256)}/tags/list`, demo: 404, real: 500 },
  { what: 'doubled slashes are cleaned', target: '/v2/kinds//all/tags/list', demo: 404, real: 301 },
  { what: 'the end of the path is cleaned', target: '/v2/kinds/all/tags/list/', demo: 404, real: 301 },
  {
    what: 'several ranges give several parts',
    target: layerTarget,
    options: { headers: { Range: 'bytes=0-1,4-5' } },
    demo: 200,
    real: 206,
  },
  {
    what: 'the API itself takes any method',
    target: '/v2/',
    options: { method: 'POST', body: '' },
    demo: 405,
    real: 200,
  },
];
