import assert from 'node:assert/strict';
import { it } from 'node:test';
import { escapeHtml } from '../../../src/api/escape-html.ts';

it('escapes what would end a text or an attribute', () => {
  assert.equal(escapeHtml(`<a href="x" title='y'>&amp;`), '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;');
  assert.equal(escapeHtml('plain, größer'), 'plain, größer');
});
