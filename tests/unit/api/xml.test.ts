import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { element, encodeXml } from '../../../src/api/xml.ts';

describe('a text', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['that is plain', 'releng/node24: 1.2', 'releng/node24: 1.2'],
    ['that looks like markup', `<b>&amp;"'`, `&lt;b&gt;&amp;amp;&quot;'`],
    ['that would end a section', ']]>', ']]&gt;'],
    ['with white space that an attribute would lose', 'a\tb\nc\rd', 'a&#9;b&#10;c&#13;d'],
    ['with what XML cannot hold', 'a\0b\u0008c\ufffed\uffffe\u001bf', 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf'],
    ['with half a character', 'a\ud800b\udfffc', 'a\ufffdb\ufffdc'],
    ['of another plane', '\u{1f600}\u{10ffff}', '\u{1f600}\u{10ffff}'],
    ['that turns the direction', 'a\u202etxt.exe\u2066b\u200f', 'atxt.exeb'],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => {
      const head = '<?xml version="1.0" encoding="utf-8"?>\n';
      assert.equal(encodeXml(element('t', {}, text)), `${head}<t>${expected}</t>\n`);
      assert.equal(encodeXml(element('t', { a: text }, 'x')), `${head}<t a="${expected}">x</t>\n`);
    });
  }
});

it('elements stand in elements, and empty ones are closed', () => {
  const inner = [element('link', { rel: 'self', href: '/a' }), element('title', {}, 'T')];
  assert.equal(
    encodeXml(element('feed', { xmlns: 'urn:x' }, inner)),
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="urn:x">\n<link rel="self" href="/a"/>\n<title>T</title>\n</feed>\n',
  );
});
