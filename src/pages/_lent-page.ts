/**
 * A page as Astro renders it, without a request: an address, an answer and all that stands between them cost more than what is
 * on most pages. Astro is asked once. What it then gives its components, and is the same for every page, is lent to whoever
 * renders them.
 */
import type { AstroGlobal, SSRResult } from 'astro';
import {
  type AstroComponentFactory,
  createComponent,
  renderTemplate,
  renderToString,
} from 'astro/runtime/server/index.js';

export interface LentPage {
  /** The component of every page. */
  readonly page: AstroComponentFactory;
  /** What Astro makes for a request, and components leave their marks in: which styles and scripts a page has already. */
  readonly result: SSRResult;
}

interface LenderProps {
  readonly to: (lent: LentPage) => void;
  readonly page: unknown;
}

/** A component that shows nothing, and gives what it was itself given. */
export const PageLender = createComponent((result: SSRResult, { to, page }: LenderProps) => {
  const addresses = new Map<string, Promise<string>>();
  // The same few scripts are asked for by every page.
  const resolve = (script: string) => {
    const address = addresses.get(script) ?? result.resolve(script);
    addresses.set(script, address);
    return address;
  };
  to({ page: page as AstroComponentFactory, result: { ...withoutMarks(result), resolve } });
  return renderTemplate``;
}) as unknown as (props: LenderProps) => unknown;

/** The text of the page at `url`. Our components ask Astro for no more than their own values and that address. */
export async function renderLent({ page, result }: LentPage, url: URL, props: object): Promise<string> {
  const createAstro = (own: object) => ({ props: own, url }) as unknown as AstroGlobal;
  const text = await renderToString({ ...withoutMarks(result), createAstro }, page, props, {}, true);
  if (typeof text !== 'string') throw new TypeError(`${url.pathname} was answered with ${text.status}`);
  return text;
}

/** A copy, in which other marks are left than in the first. */
function withoutMarks(result: SSRResult): SSRResult {
  const { styles, scripts, links, _metadata } = result;
  return {
    ...result,
    styles: new Set(styles),
    scripts: new Set(scripts),
    links: new Set(links),
    _metadata: copyCollections(_metadata),
  };
}

function copyCollections<Values extends object>(values: Values): Values {
  const copies = Object.entries(values).map(([name, value]) => {
    if (value instanceof Set) return [name, new Set(value)];
    return [name, Array.isArray(value) ? [...value] : value];
  });
  return Object.fromEntries(copies) as Values;
}
