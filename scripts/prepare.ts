/**
 * Makes the bundle that the program runs from, which every first run would have to make otherwise. npm runs this when it has installed,
 * and an installation is good without; whoever builds an image runs it last, and is told by its exit code.
 */
import { installBundle } from './program-bundle.ts';

// It is run by others, whom nobody else may give anything to run.
process.umask(0o022);
try {
  await installBundle();
} catch (error) {
  const problem = error instanceof Error ? error.message : error;
  console.error(`No bundle was made that runs can use, so that they begin more slowly: ${problem}`);
  process.exitCode = 1;
}
