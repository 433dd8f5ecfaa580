import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toVisibleText } from '../../../src/view/visible-text.ts';

describe('toVisibleText', () => {
  for (const [what, text, visible] of [
    ['plain text', 'Node.js 24, größer — 日本語', 'Node.js 24, größer — 日本語'],
    ['lines and tabs', 'a\n\tb\r\nc', 'a\n\tb\nc'],
    ['a lone carriage return', 'a\rb', 'a⟨U+000D⟩b'],
    ['a right-to-left override', 'evil\u202etxt.exe', 'evil⟨U+202E⟩txt.exe'],
    ['isolates', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
    ['invisible spaces', 'a\u200bb\ufeffc\u2060d', 'a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+2060⟩d'],
    ['control characters', '\u0000\u0007\u001b[31m\u007f\u0085', '⟨U+0000⟩⟨U+0007⟩⟨U+001B⟩[31m⟨U+007F⟩⟨U+0085⟩'],
    ['tags', 'a\u{e0041}b', 'a⟨U+E0041⟩b'],
    ['half a surrogate pair', 'a\ud83db', 'a⟨U+D83D⟩b'],
    ['emoji joined by zero-width joiners', '👩\u200d💻', '👩\u200d💻'],
    ['scripts that need joiners', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['markup, which is for the renderer to escape', '<script>', '<script>'],
  ] as const) {
    it(what, () => assert.equal(toVisibleText(text), visible));
  }
});
