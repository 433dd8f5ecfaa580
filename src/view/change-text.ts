/** What happened, in words: for titles and sentences where there is no table. */
import type { CatalogueEvent, EventType } from '../catalogue/model.ts';
import type { Change } from './changes-view.ts';
import { formatInterval } from './format-interval.ts';

/** `releng/node24:latest moved`. */
export function toChangeTitle({ name, tag, type }: Pick<Change, 'name' | 'tag' | 'type'>): string {
  return `${name}${tag === null ? '' : `:${tag}`} ${type}`;
}

/** `The tag latest of releng/node24 moved between 13:07 and 14:07 UTC on 2026-11-20, from sha256:… to sha256:….` */
export function toChangeSentence({ name, tag, ...event }: Change): string {
  const subject = tag === null ? `The image ${name}` : `The tag ${tag} of ${name}`;
  return `${subject} ${verbs[event.type]} ${formatInterval(event)}${toDigestWords(event)}.`;
}

const verbs: Readonly<Record<EventType, string>> = {
  added: 'was added',
  moved: 'moved',
  removed: 'was removed',
  returned: 'returned',
};

function toDigestWords({ type, from, to }: Pick<CatalogueEvent, 'type' | 'from' | 'to'>): string {
  if (type === 'moved') return `, from ${from} to ${to}`;
  if (type === 'removed') return from === null ? '' : `, when it pointed to ${from}`;
  return to === null ? '' : `, and points to ${to}`;
}
