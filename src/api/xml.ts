/** Elements -> XML. Whatever a text holds, what comes of it is well formed. */

export type XmlAttributes = Readonly<Record<string, string>>;
export type XmlContent = string | readonly XmlElement[];

export interface XmlElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly content: XmlContent;
}

/** An element. Names are ours and plain; attributes and texts may hold anything. */
export function element(name: string, attributes: XmlAttributes, content: XmlContent = ''): XmlElement {
  return { name, attributes, content };
}

/** Encodes a document, with a line for each element that holds no others. */
export function encodeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${encodeElement(root)}`;
}

function encodeElement({ name, attributes, content }: XmlElement): string {
  const open = [name, ...Object.entries(attributes).map(([key, text]) => `${key}="${escapeXml(text)}"`)].join(' ');
  if (content.length === 0) return `<${open}/>\n`;
  if (typeof content === 'string') return `<${open}>${escapeXml(content)}</${name}>\n`;
  return `<${open}>\n${content.map(encodeElement).join('')}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * `text` as it may stand in an element or between quotation marks. What XML 1.0 cannot hold at all becomes U+FFFD; what turns
 * the direction of the rest goes, for a reader may show a title without isolating it.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, '')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
