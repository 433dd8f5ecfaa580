/** Whether a file of the site is text: worth compressing, and to be searched for names that may not be shown. */
export function isTextFile(file: string): boolean {
  return /\.(?:html|css|js|json|svg|txt|xml|csv|map|webmanifest)$/.test(file);
}
