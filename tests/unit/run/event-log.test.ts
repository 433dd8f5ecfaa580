import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventLog, type EventLogOptions } from '../../../src/run/event-log.ts';

function write(options: Partial<EventLogOptions>): readonly string[] {
  const lines: string[] = [];
  const log = createEventLog({
    format: 'text',
    level: 'info',
    journal: false,
    clock: () => new Date('2026-11-21T13:07:00Z'),
    print: (line) => lines.push(line),
    ...options,
  });
  log.write('error', 'site-invalid', 'two\nlines', { count: 2 });
  log.write('warning', 'retry', 'again');
  log.write('info', 'done', 'done');
  log.write('debug', 'step', 'hidden');
  return lines;
}

test('text names the weight of what is wrong, and drops what is less than asked for', () => {
  assert.deepEqual(write({}), ['error: two\n  lines', 'warning: again', 'done']);
  assert.deepEqual(write({ level: 'error' }), ['error: two\n  lines']);
  assert.equal(write({ level: 'debug' }).length, 4);
});

test('JSON is one object a line, with the fields', () => {
  const [first = ''] = write({ format: 'json' });
  assert.deepEqual(JSON.parse(first), {
    time: '2026-11-21T13:07:00.000Z',
    level: 'error',
    event: 'site-invalid',
    message: 'two\nlines',
    count: 2,
  });
});

test('under journald each event is one line that begins with its level', () => {
  assert.deepEqual(write({ journal: true }), ['<3>error: two | lines', '<4>warning: again', '<6>done']);
  assert.match(write({ journal: true, format: 'json' })[0] ?? '', /^<3>\{.*\}$/);
});
