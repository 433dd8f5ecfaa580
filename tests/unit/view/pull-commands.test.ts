import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Kind } from '../../../src/catalogue/kinds.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { imageTools } from '../../../src/settings/image-tools.ts';
import { listInspectCommands, listPullCommands, pickImageTools } from '../../../src/view/pull-commands.ts';

const name = parseRepositoryName('releng/node24');
const host = 'registry.example.org:5000';
const digest = computeDigest('x');
const image = `${host}/releng/node24`;

describe('listPullCommands', () => {
  const byTag = (kind: Kind, tag: string) => {
    return listPullCommands(kind, host, name, { tag: parseTag(tag) }).map(({ command }) => command);
  };
  const byDigest = (kind: Kind) => listPullCommands(kind, host, name, { digest }).map(({ command }) => command);

  it('offers five tools for images', () => {
    const commands = [
      `docker pull ${image}:24.1`,
      `podman pull ${image}:24.1`,
      `nerdctl pull ${image}:24.1`,
      `crictl pull ${image}:24.1`,
      `skopeo copy docker://${image}:24.1 oci:node24:24.1`,
    ];
    assert.deepEqual(byTag('image', '24.1'), commands);
    const all = `skopeo copy --all docker://${image}:24.1 oci:node24:24.1`;
    assert.deepEqual(byTag('image-index', '24.1'), [...commands.slice(0, -1), all]);
  });

  it('offers for an index within an index only the tools that follow it', () => {
    assert.deepEqual(pickImageTools(false), imageTools);
    assert.deepEqual(pickImageTools(false, ['podman']), ['podman']);
    assert.deepEqual(pickImageTools(true), ['docker', 'nerdctl', 'crictl']);
    assert.deepEqual(pickImageTools(true, ['podman', 'crictl']), ['crictl']);
    assert.deepEqual(pickImageTools(true, ['podman']), ['nerdctl', 'crictl', 'docker']);
  });

  it('names the digest alone when it is the digest that is pulled', () => {
    assert.deepEqual(byDigest('image'), [
      `docker pull ${image}@${digest}`,
      `podman pull ${image}@${digest}`,
      `nerdctl pull ${image}@${digest}`,
      `crictl pull ${image}@${digest}`,
      `skopeo copy docker://${image}@${digest} oci:node24`,
    ]);
  });

  it('gives no name in the layout to what the specification allows none there', () => {
    const copy = (tag: string) => byTag('image', tag).at(-1);
    for (const tag of ['_', '1.0_', '1.0-', '1.0__2', '1._0', 'main---x', '__proto__', 'a..b']) {
      assert.equal(copy(tag), `skopeo copy docker://${image}:${tag} oci:node24`);
    }
    for (const tag of ['1_0', '1.0--2', 'V1-2.3_4', 'x'.repeat(128)]) {
      assert.equal(copy(tag), `skopeo copy docker://${image}:${tag} oci:node24:${tag}`);
    }
  });

  it("gives Helm a chart's version, with the plus that a tag cannot hold", () => {
    const copy = `skopeo copy --all docker://${image}`;
    assert.deepEqual(byTag('helm-chart', '1.2.3_build.5'), [
      `helm pull oci://${image} --version 1.2.3+build.5`,
      `${copy}:1.2.3_build.5 oci:node24:1.2.3_build.5`,
    ]);
    assert.deepEqual(byDigest('helm-chart'), [`helm pull oci://${image}@${digest}`, `${copy}@${digest} oci:node24`]);
  });

  it('gives Helm no tag that is no version, for it would not find it', () => {
    for (const tag of ['latest', 'main-1.2', '1.2.3.4', '1.2.3_a_b']) {
      assert.deepEqual(byTag('helm-chart', tag), [`skopeo copy --all docker://${image}:${tag} oci:node24:${tag}`]);
    }
    for (const tag of ['_1', '1.2.3-rc..1', '1.2.3_.5', '1.2.3-']) {
      assert.deepEqual(byTag('helm-chart', tag), [`skopeo copy --all docker://${image}:${tag} oci:node24`]);
    }
    for (const tag of ['1', 'v1.2', '1.2.3-rc.1', '1.2.3-rc--1', '0.1.0-a_b.c']) {
      assert.match(byTag('helm-chart', tag)[0] ?? '', /^helm pull /);
    }
  });

  for (const kind of ['artifact', 'signature', 'attestation', 'sbom'] as const) {
    it(`pulls ${kind} with oras, or copies it`, () => {
      assert.deepEqual(byTag(kind, '1'), [
        `oras pull ${image}:1`,
        `skopeo copy --all docker://${image}:1 oci:node24:1`,
      ]);
    });
  }

  it('prints the bytes of what no tool knows', () => {
    assert.deepEqual(byTag('unknown', '1'), [`skopeo inspect --raw docker://${image}:1`]);
  });

  it('copies Docker schema 1 into a plain folder, for no OCI layout holds it', () => {
    assert.deepEqual(byTag('docker-schema1', '1'), [`skopeo copy docker://${image}:1 dir:node24`]);
  });
});

it('every inspecting command names the digest', () => {
  const commands = listInspectCommands(host, name, digest);
  assert.equal(commands.length, 3);
  for (const command of commands) assert.ok(command.endsWith(`${image}@${digest}`), command);
});
