/** Whether a file of the site is text, and so worth compressing. */
export function isTextFile(file: string): boolean {
  return /\.(?:html|css|js|json|svg|txt|xml|csv|map|webmanifest)$/.test(file);
}
