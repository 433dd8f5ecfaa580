/** Several shards' looks -> one look at the whole. The order of the shards says nothing. */
import type { Instant } from '../catalogue/model.ts';
import type { Finding } from '../catalogue/observation.ts';
import type { HiddenElsewhere } from './hidden-names.ts';
import type { Look, LookedListing, Unanswered } from './look.ts';
import { sumRunCounts } from './run-counts.ts';
import type { SourceAnswers } from './source-verdicts.ts';

/** What is known of shards that left nothing usable. */
export interface MissingShards {
  /** Known repositories of theirs. */
  readonly unanswered: readonly Unanswered[];
  readonly findings: readonly Finding[];
}

/**
 * Joins them. There is at least one, and all are of the same sources; `missing` makes every list incomplete. It took place when
 * the first of them began: all that was seen was so then or later.
 */
export function joinLooks(looks: readonly Look[], missing: MissingShards): Look {
  const names = [...new Set(looks.flatMap(({ listings }) => listings.map(({ source }) => source.name)))];
  const isMissing = missing.findings.length > 0;
  const elsewhere = looks.flatMap((look) => look.names.elsewhere ?? []);
  const searched = new Set(looks.map((look) => look.names.searchedFor));
  const [searchedFor] = searched;
  return {
    lookedAt: looks.map(({ lookedAt }) => lookedAt).reduce(earlier),
    base: looks.find(({ base }) => base?.hiddenNamesChanged !== true)?.base ?? looks[0]?.base ?? null,
    listings: names.map((name) => joinListings(name, looks, isMissing)),
    answers: new Map(names.map((name) => [name, joinAnswers(name, looks)])),
    looked: new Map(looks.flatMap(({ looked }) => [...looked])),
    unanswered: [...looks.flatMap(({ unanswered }) => unanswered), ...missing.unanswered],
    refused: looks.flatMap(({ refused }) => refused),
    names: {
      leftOutNames: looks.flatMap((look) => look.names.leftOutNames),
      shownNames: looks.flatMap((look) => look.names.shownNames),
      searchedFor: searched.size === 1 ? searchedFor : undefined,
      elsewhere: elsewhere.length === 0 ? null : joinHidden(elsewhere),
    },
    findings: [...looks.flatMap(({ findings }) => findings), ...missing.findings],
    counts: sumRunCounts(looks.map(({ counts }) => counts)),
  };
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function joinListings(name: string, looks: readonly Look[], isMissing: boolean): LookedListing {
  const all = looks.flatMap(({ listings }) => listings.filter(({ source }) => source.name === name));
  const failed = all.filter(({ failure }) => failure !== null).sort(byFailure);
  // Every shard lists the whole catalogue, and finds the same odd things in it.
  const findings = new Map(all.flatMap((listing) => listing.findings.map((one) => [JSON.stringify(one), one])));
  return {
    source: { name },
    outcome: joinOutcomes(new Set(all.map(({ outcome }) => outcome)), isMissing),
    names: { size: all.reduce((sum, { names }) => sum + names.size, 0) },
    excluded: all.reduce((sum, { excluded }) => sum + excluded, 0),
    failure: failed[0]?.failure ?? null,
    hint: failed[0]?.hint ?? null,
    findings: [...findings.values()],
    ignoresConditions: all.some(({ ignoresConditions }) => ignoresConditions),
  };
}

function byFailure(a: LookedListing, b: LookedListing): number {
  return JSON.stringify(a.failure) < JSON.stringify(b.failure) ? -1 : 1;
}

function joinOutcomes(outcomes: ReadonlySet<LookedListing['outcome']>, isMissing: boolean): LookedListing['outcome'] {
  const [only] = outcomes;
  if (outcomes.size === 1 && only !== undefined) return only === 'complete' && isMissing ? 'incomplete' : only;
  return outcomes.has('complete') || outcomes.has('incomplete') ? 'incomplete' : 'failed';
}

function joinAnswers(name: string, looks: readonly Look[]): SourceAnswers {
  const all = looks.flatMap(({ answers }) => answers.get(name) ?? []);
  const sum = (pick: (answers: SourceAnswers) => number) => all.reduce((before, one) => before + pick(one), 0);
  const failures = all.flatMap(({ firstFailure }) => firstFailure ?? []);
  failures.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    answered: sum(({ answered }) => answered),
    refused: sum(({ refused }) => refused),
    failed: sum(({ failed }) => failed),
    firstFailure: failures[0] ?? null,
    isGiven: all.some(({ isGiven }) => isGiven),
    // Of the shard that was refused: only where it is the one and only refusal does it matter.
    isOpen: all.some(({ refused, isOpen }) => refused > 0 && isOpen),
  };
}

function joinHidden(all: readonly HiddenElsewhere[]): HiddenElsewhere {
  return {
    strict: new Set(all.flatMap(({ strict }) => [...strict])),
    referred: new Set(all.flatMap(({ referred }) => [...referred])),
    withheld: all.reduce((sum, { withheld }) => sum + withheld, 0),
  };
}
