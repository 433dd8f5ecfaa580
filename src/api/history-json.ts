/** A repository with its whole history -> its `history.json`. */
import type { Interval, Repository } from '../catalogue/model.ts';
import { listTagHistories } from '../catalogue/tag-history.ts';
import { historyJsonAddress } from '../view/addresses.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import { toEventJson } from './event-json.ts';
import type { HistoryJson } from './history-json.schema.ts';
import type { OutputFile } from './output-file.ts';

/** Writes all that is remembered. Throws a `TypeError` where a part of the history was not read. */
export function encodeHistoryJson(repository: Repository): OutputFile {
  const { name, state, firstSeenAt, events } = repository;
  const histories = listTagHistories(repository);
  const digests = new Map<string, HistoryJson['digests'][string]>();
  for (const { tag, spans } of histories) {
    for (const { digest, began, ended } of spans) {
      if (digest === null) continue;
      const entry = { tag, began: toJson(began), ended: ended === null ? null : toJson(ended) };
      const known = digests.get(digest);
      if (known === undefined) digests.set(digest, [entry]);
      else known.push(entry);
    }
  }
  const json: HistoryJson = {
    schemaVersion: apiVersion,
    name,
    state: state === 'removed' ? 'removed' : 'listed',
    firstSeenAt,
    tags: histories.map(({ tag, spans, firstSeenAt: seenAt }) => ({
      tag,
      firstSeenAt: seenAt,
      spans: spans.map(({ digest, began, ended }) => ({
        digest,
        began: toJson(began),
        ended: ended === null ? null : toJson(ended),
      })),
    })),
    digests: Object.fromEntries([...digests].sort(([a], [b]) => (a < b ? -1 : 1))),
    events: events.map((event) => toEventJson(name, event)),
  };
  return { path: historyJsonAddress(name), text: encodeJson(json) };
}

function toJson({ notBefore, notAfter }: Interval) {
  return { notBefore, notAfter };
}
