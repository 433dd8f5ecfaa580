/**
 * Makes the bundle that the program runs from, which every first run would have to make otherwise. npm runs this when it has installed;
 * whoever builds an image runs it last. An installation is good without.
 */
import { installBundle } from './program-bundle.ts';

try {
  await installBundle();
} catch (error) {
  console.error(
    `No bundle was made, so that runs begin more slowly: ${error instanceof Error ? error.message : error}`,
  );
}
