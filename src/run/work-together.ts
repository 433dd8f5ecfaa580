/** Work that is done side by side, and comes to nothing unless all of it is done. */

type Tasks<Results extends readonly unknown[]> = {
  readonly [Key in keyof Results]: (signal: AbortSignal) => Promise<Results[Key]>;
};

/**
 * Resolves to what came of each. One that fails stops the others by the signal that they are given, and when all have ended, what
 * it said is thrown: none may go on writing where nobody looks any more. `signal` stops all of them.
 */
export async function workTogether<const Results extends readonly unknown[]>(
  tasks: Tasks<Results>,
  signal?: AbortSignal,
): Promise<Results> {
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
  const running = tasks.map((task) => task(either));
  // Only the first counts: the others fail because of it.
  for (const each of running) each.catch((error: unknown) => stop.abort(error));
  await Promise.allSettled(running);
  stop.signal.throwIfAborted();
  return (await Promise.all(running)) as unknown as Results;
}
