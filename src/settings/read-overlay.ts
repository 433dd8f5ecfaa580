/** The overlay's file. */
import { describeIssues } from './describe-issues.ts';
import { type Overlay, overlaySchema } from './overlay.schema.ts';
import { readYaml } from './read-yaml.ts';
import { SettingsError } from './settings-error.ts';

/** Reads the overlay. Throws a `SettingsError` that lists every problem, one a line. */
export async function readOverlay(file: string): Promise<Overlay> {
  const result = overlaySchema.safeParse(await readYaml(file));
  if (result.success) return result.data;
  const problems = describeIssues(result.error, overlaySchema).map((problem) => `${file}: ${problem}`);
  throw new SettingsError(
    problems.join('\n'),
    'The settings reference lists the keys of an overlay: src/settings/README.md.',
  );
}
