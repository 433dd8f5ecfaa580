/** Who reads what a command prints may go away (`| head`), and the disk that a log is written to may fill. */
import { exitCodes } from '../src/run/exit-code.ts';

type Output = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode'>;

/**
 * Lets the process go on without its output: what it does is worth more than what it says of it. Where nobody reads any more, the
 * exit code is as it would have been; where a result could not be written, it says so (74).
 */
export function outliveOutput(process: Output): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.exitCode = exitCodes.cannotWrite;
    process.stderr.write(`registry-homepage: standard output cannot be written: ${message}\n`);
  });
  process.stderr.on('error', () => undefined);
}
