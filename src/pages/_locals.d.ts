/** What the pages are given with each request. */
declare namespace App {
  interface Locals {
    readonly content: import('./_page-content.ts').PageContent;
    readonly site: import('../view/site.ts').Site;
  }
}
