import type { Finding } from '../catalogue/observation.ts';
import type { EventLog } from './event-log.ts';
import { formatFinding, groupFindings } from './report.ts';

/** Logs a line for each kind of finding, with its first example. */
export function logFindings(findings: readonly Finding[], log: EventLog): void {
  for (const { code, count, examples } of groupFindings(findings)) {
    const [example] = examples;
    const others = count > 1 ? ` (and ${count - 1} more; report.json has them)` : '';
    log.write('warning', code, `${code}: ${example ? formatFinding(example) : ''}${others}`, { count });
  }
}
