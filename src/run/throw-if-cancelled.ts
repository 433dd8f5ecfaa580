import { RunError } from './run-error.ts';

/** Throws a `RunError` when the operator has stopped the run. */
export function throwIfCancelled(cancel: AbortSignal): void {
  if (cancel.aborted)
    throw new RunError('CANCELLED', 'the run was stopped', 'Nothing was published; the old site stands.');
}
