import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { listOwnWords, pickDescription } from '../../../src/view/own-words.ts';
import {
  type Content,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const key = (name: string) => `org.opencontainers.image.${name}`;

function describeContent(content: Content) {
  const repository = createRepository({ '1': content });
  return {
    description: pickDescription(content.digest, repository),
    words: listOwnWords(content.digest, repository).map(({ term, text }) => `${term}: ${text}`),
  };
}

const labelled = (labels: Readonly<Record<string, string>>) => createImage('labelled', { config: { labels } });

describe('what an image says of itself', () => {
  it('comes from the labels of its config', () => {
    assert.deepEqual(describeContent(labelled({ [key('description')]: ' A thing ', [key('licenses')]: 'MIT' })), {
      description: 'A thing',
      words: ['Licence: MIT'],
    });
  });

  it('comes from annotations first, those of the index before those of its manifests', () => {
    const image = createImage('a', {
      facts: { annotations: { [key('vendor')]: 'manifest', [key('source')]: 'https://manifest.example/' } },
      config: { labels: { [key('vendor')]: 'label', [key('revision')]: 'abc' } },
    });
    const index = createIndex('i', [[image, { platform: toPlatform('linux/amd64') }]], {
      annotations: { [key('vendor')]: 'index' },
    });
    assert.deepEqual(describeContent(index).words, [
      'Source: https://manifest.example/',
      'Vendor: index',
      'Revision: abc',
    ]);
  });

  it('comes from no attestation', () => {
    const attestation = createImage('attestation', { facts: { annotations: { [key('vendor')]: 'builder' } } });
    const index = createIndex('i', [[attestation, { platform: toPlatform('unknown/unknown') }]]);
    assert.deepEqual(describeContent(index).words, []);
  });

  it('comes from the keys that were used before the specification had any', () => {
    const labels = {
      'org.label-schema.description': 'Old',
      'org.label-schema.vcs-url': 'https://git.example/',
      maintainer: 'Me',
    };
    assert.deepEqual(describeContent(labelled(labels)), {
      description: 'Old',
      words: ['Source: https://git.example/', 'Authors: Me'],
    });
  });

  it('comes from the fields of a chart', () => {
    const config = createDescriptor('chart', mediaTypes.helmConfig, 9);
    const chart = { chart: { description: 'A chart', appVersion: '7.4', home: 'https://chart.example/' } };
    const content = { ...createArtifact('chart', { config }), configs: new Map([[config.digest, chart]]) };
    assert.deepEqual(describeContent(content), {
      description: 'A chart',
      words: ['Homepage: https://chart.example/', 'App version: 7.4'],
    });
  });

  it('is null and empty where it says nothing', () => {
    assert.deepEqual(describeContent(createImage('a')), { description: null, words: [] });
    assert.deepEqual(describeContent(labelled({ [key('description')]: '   ' })), { description: null, words: [] });
  });
});

describe('hostile words', () => {
  it('become links only when they are safe ones', () => {
    const content = labelled({ [key('source')]: 'javascript:alert(1)', [key('url')]: 'https://ok.example' });
    const words = listOwnWords(content.digest, createRepository({ '1': content }));
    assert.deepEqual(
      words.map(({ href }) => href),
      [null, 'https://ok.example/'],
    );
  });

  it('are made visible, put on one line, and cut', () => {
    const { description } = describeContent(labelled({ [key('description')]: `a\u202e\n\n  b${'x'.repeat(9000)}` }));
    assert.match(description ?? '', /^a⟨U\+202E⟩ bx+… \[\d+ more characters\]$/);
    assert.ok((description ?? '').length < 700);
  });

  it('are not found in the prototype of a map', () => {
    assert.deepEqual(describeContent(labelled(JSON.parse('{"__proto__": {"description": "x"}}'))).description, null);
  });
});
