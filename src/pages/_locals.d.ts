/** What the pages are given with each request. */
declare namespace App {
  interface Locals {
    readonly page: import('../view/page-list.ts').Page;
    readonly rendering: import('./_rendering.ts').Rendering;
  }
}
