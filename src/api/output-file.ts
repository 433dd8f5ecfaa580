/** A file of the site that is written without Astro. */
export interface OutputFile {
  /** Below the site's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}
