import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPatternProblem } from '../../../src/settings/pattern.schema.ts';

const useless: readonly (readonly [named: 'repository' | 'tag', pattern: string, problem: RegExp])[] = [
  ['repository', 'restricted/', /ends with a slash.*"restricted\/\*\*"/],
  ['repository', '!ml/', /ends with a slash.*"!ml\/\*\*"/],
  ['repository', '**/', /ends with a slash.*"\*\*"/],
  ['repository', '!**/', /ends with a slash.*"!\*\*"/],
  ['repository', 'restricted/**/', /ends with a slash.*"restricted\/\*\*"/],
  ['repository', '/restricted/**', /begins with a slash/],
  ['repository', '/^restricted', /begins with a slash.*regular expression/],
  ['repository', '/RESTRICTED/i', /begins with a slash.*regular expression/],
  ['repository', '/', /begins with a slash/],
  ['repository', 'a//b', /two slashes/],
  ['repository', ' restricted/**', /" "/],
  ['repository', 'restricted/** ', /" "/],
  ['repository', 'Restricted/**', /"R".*lower case/],
  ['repository', 'restricted/app:1.0', /":"/],
  ['repository', 'https://registry.example.org/restricted/**', /":"/],
  ['repository', 'restricted/app@sha256:0', /":"/],
  ['repository', 'restricted/%', /"%"/],
  ['repository', '/(/', /not a valid pattern/],
  ['repository', '!', /not a valid pattern/],
  ['tag', 'app:1.0', /":"/],
  ['tag', '/nightly-', /begins with a slash/],
  ...['restricted/app', 'myrepo/dev-*', '!myrepo/dev-*', 'nightly/', 'nightly/**', '*/x', '**/a/b', '{a,b}/x'].map(
    (pattern) => ['tag', pattern, /^holds a slash, as no tag does/] as const,
  ),
  ['tag', '**/', /ends with a slash.*"\*\*"/],
];
for (const [named, pattern, problem] of useless) {
  test(`no ${named} is meant by ${JSON.stringify(pattern)}`, () =>
    assert.match(findPatternProblem(pattern, named) ?? 'it was taken', problem));
}

const useful: readonly (readonly [named: 'repository' | 'tag', pattern: string])[] = [
  ...[
    '**',
    '*',
    '!ml/**',
    'restricted',
    'restricted/**',
    '*/cache',
    'team-?/app',
    '{a,b}/**',
    '@(web|api)/*',
    '!(web)/*',
  ].map((pattern) => ['repository', pattern] as const),
  ...[
    '[a-c]/**',
    '[!A-Z]*',
    '{Web,web}/**',
    'a/b__c.d-e',
    './web',
    String.raw`a\.b`,
    '/^Team/',
    '!/^team-[0-9]+\\//',
  ].map((pattern) => ['repository', pattern] as const),
  ...[
    '**',
    '!latest',
    'v*',
    'V1.*-RC*',
    'sha256-*',
    '*.sig',
    '**/dev-*',
    './v1',
    '**/**',
    '/^(?:dev|test)-/',
    '/^a\\//',
    '_*',
  ].map((pattern) => ['tag', pattern] as const),
];
for (const [named, pattern] of useful) {
  test(`a ${named} may be meant by ${JSON.stringify(pattern)}`, () =>
    assert.equal(findPatternProblem(pattern, named), null));
}
