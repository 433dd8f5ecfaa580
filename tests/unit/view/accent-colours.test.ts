import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contrastOf, nearestGrounds, toAccentColours } from '../../../src/view/accent-colours.ts';

/** Every ground of the style sheet, in both schemes. */
const tokens = readFileSync(new URL('../../../src/styles/tokens.css', import.meta.url), 'utf8');
const grounds = [
  ...tokens.matchAll(/--color-(?:surface|raised|good-surface|bad-surface): light-dark\((#\w+), (#\w+)\)/g),
];

describe('the accent', () => {
  it('knows the grounds of the style sheet', () => {
    assert.equal(grounds.length, 4);
    const [first] = grounds;
    assert.ok(first);
    for (const [, light = '', dark = ''] of grounds) {
      assert.ok(contrastOf('#000', light) >= contrastOf('#000', nearestGrounds.light), light);
      assert.ok(contrastOf('#fff', dark) >= contrastOf('#fff', nearestGrounds.dark), dark);
    }
  });

  it('can be read on each of them, whatever colour it is made of', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(fc.oneof(colour, fc.constantFrom('#fff', '#000', '#f00', '#0f0', '#00f', '#ff0')), (wish) => {
        const { light, dark } = toAccentColours(wish);
        for (const [, onLight = '', onDark = ''] of grounds) {
          assert.ok(contrastOf(light, onLight) >= 4.5, `${wish} -> ${light} on ${onLight}`);
          assert.ok(contrastOf(dark, onDark) >= 4.5, `${wish} -> ${dark} on ${onDark}`);
        }
      }),
    );
  });

  for (const [wish, light, dark] of [
    ['#0a5fa8', '#0a5fa8', undefined],
    ['#7cb8f2', undefined, '#7cb8f2'],
    ['#05A', '#0055aa', undefined],
  ] as const) {
    it(`leaves ${wish} as it is where it can be read`, () => {
      const colours = toAccentColours(wish);
      if (light !== undefined) assert.equal(colours.light, light);
      if (dark !== undefined) assert.equal(colours.dark, dark);
    });
  }
});
