/** Who reads what a command prints may go away (`| head`), and the disk that a log is written to may fill. */
import { exitCodes } from '../src/run/exit-code.ts';

/**
 * Lets the process go on without its output: what it does is worth more than what it says of it, and so is the exit code that says
 * how that went. Only where the output was all that was asked for (`isResult`), somebody reads it, and nothing else went wrong, does
 * the process end with 74.
 */
export function outliveOutput(process: NodeJS.Process, isResult: () => boolean): void {
  let isLost = false;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    isLost = true;
    process.stderr.write(`registry-homepage: standard output cannot be written: ${message}\n`);
  });
  process.stderr.on('error', () => undefined);
  // Whether it is lost may be known before the exit code is, and after.
  process.once('exit', (exitCode) => {
    if (isLost && exitCode === exitCodes.complete && isResult()) process.exitCode = exitCodes.cannotWrite;
  });
}
