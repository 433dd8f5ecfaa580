import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listBuildSteps, toInstruction } from '../../../src/view/build-steps.ts';
import { createConfig, createDescriptor } from '../../support/catalogue-values.ts';

describe('toInstruction', () => {
  for (const [what, createdBy, instruction] of [
    ['nothing', null, ''],
    ['metadata of the old builder', '/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['a file of the old builder', '/bin/sh -c #(nop) ADD file:0eae in / ', 'ADD file:0eae in /'],
    ['a command of the old builder', '/bin/sh -c make', 'RUN make'],
    ['chained commands', '/bin/sh -c a && b  &&  c', 'RUN a \\\n    && b \\\n    && c'],
    ['a command of BuildKit', 'RUN /bin/sh -c make # buildkit', 'RUN make'],
    ['an instruction of BuildKit', 'COPY . /srv # buildkit', 'COPY . /srv'],
    ['build arguments', 'RUN |2 A=1 B=two words /bin/sh -c make # buildkit', 'RUN A=1 B=two words make'],
    ['build arguments of the old builder', '|1 A=1 /bin/sh -c make', 'RUN A=1 make'],
    ['another shell', 'RUN /bin/bash -o pipefail -c make # buildkit', 'RUN make'],
    ['shell options in one word', '/bin/sh -ec make', 'RUN make'],
    ['lines that the author broke', 'RUN /bin/sh -c a &&\n  b # buildkit', 'RUN a &&\n  b'],
    ['a builder of its own', 'kaniko did this', 'kaniko did this'],
    ['what cannot be seen', 'RUN /bin/sh -c echo \u202e', 'RUN echo ⟨U+202E⟩'],
  ] as const) {
    it(what, () => assert.equal(toInstruction({ createdBy }), instruction));
  }
});

describe('listBuildSteps', () => {
  const layers = [createDescriptor('a', 'tar', 10), createDescriptor('b', 'tar', 20)];
  const step = (createdBy: string, emptyLayer: boolean) => ({ createdAt: null, createdBy, comment: null, emptyLayer });

  it('gives each step the layer that it made', () => {
    const config = createConfig({ history: [step('ADD a', false), step('ENV A=1', true), step('ADD b', false)] });
    assert.deepEqual(
      listBuildSteps(config, layers).map(({ layer }) => layer?.sizeBytes ?? null),
      [10, null, 20],
    );
  });

  it('guesses no layer where history and layers disagree in number', () => {
    const config = createConfig({ history: [step('ADD a', false)] });
    assert.deepEqual(
      listBuildSteps(config, layers).map(({ layer }) => layer),
      [null],
    );
  });

  it('keeps the comments of people and drops those of BuildKit', () => {
    const history = ['buildkit.dockerfile.v0', 'flattened'].map((comment) => ({ ...step('RUN x', true), comment }));
    assert.deepEqual(
      listBuildSteps(createConfig({ history }), []).map(({ comment }) => comment),
      [null, 'flattened'],
    );
  });
});
