import { exitCodes } from '../../src/run/exit-code.ts';
import { runVerify } from '../../src/run/verify-run.ts';
import { type CommonOptions, createRunContext, readCommandSettings } from './run-options.ts';
import { describeVerification, encodeVerification } from './verify-output.ts';

export interface VerifyCommandOptions extends CommonOptions {
  readonly maxBytes?: number;
  readonly maxDuration?: number;
  readonly sizesOnly?: boolean;
  readonly json?: boolean;
}

/** Verifies and prints the result. */
export async function verifyBlobs(options: VerifyCommandOptions): Promise<void> {
  const settings = await readCommandSettings(options);
  const result = await runVerify(
    settings,
    {
      mode: options.sizesOnly ? 'sizes' : 'bytes',
      maxBytes: options.maxBytes,
      maxDurationMs: options.maxDuration,
    },
    createRunContext(options),
  );
  const isQuiet = options.quiet === true;
  process.stdout.write(options.json ? encodeVerification(result) : describeVerification(result, isQuiet));
  process.exitCode = result.isSound ? exitCodes.complete : exitCodes.incomplete;
}
