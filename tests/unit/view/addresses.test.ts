import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import {
  imageAddress,
  manifestAddress,
  pathAddress,
  recommendedTextAddress,
  repositoryJsonAddress,
  toOutputFile,
} from '../../../src/view/addresses.ts';

const hex = 'ab'.repeat(32);
const digest = parseDigest(`sha256:${hex}`);
const none = () => false;

describe('imageAddress', () => {
  for (const [name, address] of [
    ['foo', 'foo/tags/'],
    ['releng/node24', 'releng/node24/tags/'],
    ['foo/tags', 'foo/tags/tags/'],
    ['v2ray', 'v2ray/tags/'],
    ['releng/404', 'releng/404/tags/'],
    ['404', '-/repositories/404/tags/'],
    ['500', '-/repositories/500/tags/'],
    ['404/deep', '-/repositories/404/deep/tags/'],
    ['v2', '-/repositories/v2/tags/'],
    ['v2/thing', '-/repositories/v2/thing/tags/'],
    ['robots.txt', '-/repositories/robots.txt/tags/'],
    ['robots.txt.gz/x', '-/repositories/robots.txt.gz/x/tags/'],
    ['favicon.svg', '-/repositories/favicon.svg/tags/'],
    ['favicon.ico.br', '-/repositories/favicon.ico.br/tags/'],
    ['sitemap-0.xml', '-/repositories/sitemap-0.xml/tags/'],
    ['index.html', '-/repositories/-index.html/tags/'],
    ['foo/index.html', '-/repositories/foo/-index.html/tags/'],
    ['foo/index.html.gz/bar', '-/repositories/foo/-index.html.gz/bar/tags/'],
  ] as const) {
    it(`${name} lives at ${address}`, () => assert.equal(imageAddress(parseRepositoryName(name)), address));
  }

  it('puts further rows behind a hyphen', () => {
    assert.equal(imageAddress(parseRepositoryName('foo'), 2), 'foo/-/tags/2/');
    assert.equal(imageAddress(parseRepositoryName('v2/foo'), 3), '-/repositories/v2/foo/-/tags/3/');
  });
});

describe('pathAddress', () => {
  const isRepository = (path: string) => path === 'foo' || path === 'foo/tags';
  for (const [path, page, address] of [
    ['', 1, ''],
    ['', 2, '-/images/2/'],
    ['releng', 1, 'releng/'],
    ['releng/java', 3, 'releng/java/-/images/3/'],
    ['foo/tags', 1, '-/paths/foo/tags/'],
    ['foo/tags/tags', 1, '-/paths/foo/tags/tags/'],
    ['bar/tags', 1, 'bar/tags/'],
    ['404', 1, '-/paths/404/'],
    ['a/index.html', 2, '-/paths/a/-index.html/-/images/2/'],
  ] as const) {
    it(`page ${page} of '${path}' lives at '${address}'`, () => {
      assert.equal(pathAddress(path, isRepository, page), address);
    });
  }
});

describe('what belongs to a repository', () => {
  it('lives behind a hyphen below its own folder', () => {
    const name = parseRepositoryName('a/b');
    assert.equal(manifestAddress(name, digest), `a/b/-/sha256/${hex}/`);
    assert.equal(recommendedTextAddress(name), 'a/b/-/recommended.txt');
    assert.equal(repositoryJsonAddress(name), '-/api/v1/repositories/a/b/-/repository.json');
  });

  it('follows a repository whose address is reserved', () => {
    const name = parseRepositoryName('v2/b');
    assert.equal(manifestAddress(name, digest), `-/repositories/v2/b/-/sha256/${hex}/`);
    assert.equal(recommendedTextAddress(name), '-/repositories/v2/b/-/recommended.txt');
  });

  it('keeps manifests of different algorithms apart', () => {
    const long = parseDigest(`sha512:${'cd'.repeat(64)}`);
    assert.equal(manifestAddress(parseRepositoryName('a'), long), `a/-/sha512/${'cd'.repeat(64)}/`);
  });
});

describe('toOutputFile', () => {
  it('is the file that answers an address', () => {
    assert.equal(toOutputFile(''), 'index.html');
    assert.equal(toOutputFile(pathAddress('a', none)), 'a/index.html');
    assert.equal(toOutputFile('404.html'), '404.html');
  });
});
