/** The examples for monitors: rules that Prometheus can read, of metrics that exist; a check that says what is wrong. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { encodeStatusJson } from '../../../src/api/status-json.ts';
import { metricHelp } from '../../../src/run/metrics.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { findTool, requireTool } from '../../support/require-tool.ts';
import { runTool } from '../../support/run-program.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const folder = join(programDir, 'scripts', 'monitoring');
const rulesFile = join(folder, 'prometheus-alerts.yaml');

/** The parts of an expression that are of a kind, as they are written. */
function listParts(expression: string, kind: string): readonly string[] {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError || type.name === kind) found.push(expression.slice(from, to));
    },
  });
  return found;
}

test('every alert is PromQL, asks for metrics that a run writes, and says what it means', async () => {
  const { groups } = parse(await readFile(rulesFile, 'utf8')) as {
    groups: { name: string; rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  assert.ok(rules.length >= 8);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  const known = new Set(Object.keys(metricHelp).map((name) => `registry_homepage_${name}`));
  for (const { alert, expr, annotations } of rules) {
    assert.deepEqual(listParts(expr, '⚠'), [], `${alert}: ${expr}`);
    const metrics = listParts(expr, 'VectorSelector').map((selector) => selector.replace(/\{.*$/, ''));
    assert.ok(metrics.length > 0, alert);
    for (const metric of metrics) assert.ok(known.has(metric), `${alert}: ${metric}`);
    assert.match(annotations.summary, /\{\{ \$labels\.registry \}\}/, alert);
  }
  assert.notDeepEqual(listParts('rate(x[5m]) >', '⚠'), [], 'what is no PromQL is noticed');
});

test('the guide has every metric, and every state of what is counted of blobs', async () => {
  const guide = await readFile(join(programDir, 'scripts', 'README.md'), 'utf8');
  const table = guide.slice(guide.indexOf('| metric ('), guide.indexOf('With the unit: append'));
  for (const name of Object.keys(metricHelp)) assert.ok(table.includes(`\`${name}\``), name);
  const rules = await readFile(rulesFile, 'utf8');
  const states = [...rules.matchAll(/state=~?"([^"]+)"/g)].flatMap(([, names = '']) => names.split('|'));
  assert.ok(states.length > 3);
  for (const state of states) assert.match(table, new RegExp(`\`state\`: [^|]*\\b${state}\\b`), state);
});

// Debian has it in a package of a hundred megabytes, so only where it is at hand; the test above needs nothing.
if (findTool('promtool') !== null) {
  test('promtool accepts the rules', async () => {
    const { exitCode, stdout, stderr } = await runTool('promtool', ['check', 'rules', rulesFile]);
    assert.equal(exitCode, 0, stdout + stderr);
  });
}

async function useStatus(t: TestContext, body: string, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/-/status.json' ? status : 404;
    response.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function check(...words: readonly string[]) {
  return runTool(join(folder, 'check-registry-homepage'), words);
}

function encodeStatus(complete: boolean, ageHours: number): string {
  const checkedAt = new Date(Date.now() - ageHours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const { status } = createSampleWorld();
  return encodeStatusJson({ ...status, complete, checkedAt: checkedAt as typeof status.checkedAt }).text;
}

const states: readonly (readonly [complete: boolean, ageHours: number, exitCode: number, says: RegExp])[] = [
  [true, 0.5, 0, /^OK: complete: \d+ of \d+ images read, checked .*Z \| age=1[78]\d\ds;7200;21600;0/],
  [false, 0.5, 1, /^WARNING: incomplete/],
  [true, 3, 1, /^WARNING: the job does not run/],
  [true, -0.9, 0, /^OK: complete/],
  [true, -24 * 400, 1, /^WARNING: from the future, so a clock is wrong: .* age=-345\d{5}s/],
  [true, 24 * 400, 2, /^CRITICAL: the job does not run: .* age=3456\d{4}s/],
];
for (const [complete, ageHours, exitCode, says] of states) {
  test(`a site that is ${complete ? 'complete' : 'incomplete'} and ${ageHours} h old: ${exitCode}`, async (t) => {
    if (!requireTool(t, 'curl')) return;
    const result = await check(await useStatus(t, encodeStatus(complete, ageHours)));
    assert.deepEqual([result.exitCode, result.stderr], [exitCode, ''], result.stdout);
    assert.match(result.stdout, says);
  });
}

test('no answer, or another one, is critical; wrong usage is unknown', async (t) => {
  if (!requireTool(t, 'curl')) return;
  const missing = await check(await useStatus(t, 'not here', 404));
  assert.deepEqual([missing.exitCode, missing.stdout.slice(0, 10)], [2, 'CRITICAL: ']);
  const other = await check(await useStatus(t, '{"complete": true}'));
  assert.equal(other.exitCode, 2, other.stdout);
  assert.equal((await check('http://127.0.0.1:1/')).exitCode, 2);
  assert.equal((await check()).exitCode, 3);
  assert.equal((await check('-w', 'x', 'http://127.0.0.1:1/')).exitCode, 3);
});

test('the text that simple checks match is there, on a line of its own', () => {
  assert.match(encodeStatus(true, 0), /^"complete": true,$/m);
  assert.match(encodeStatus(false, 0), /^"complete": false,$/m);
});
