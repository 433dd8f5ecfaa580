/**
 * Loaded before a measured program, and every Node process that it starts: each notes what it took when it ends. Plain JavaScript, for
 * what takes the types out of a module would be counted too.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['BENCH_USAGE_DIR'];
if (folder && isMainThread) {
  process.once('exit', () => {
    const [startedAtMs, endedAtMs] = [performance.timeOrigin, performance.timeOrigin + performance.now()];
    const usage = { ...process.resourceUsage(), startedAtMs, endedAtMs };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(usage));
  });
}
