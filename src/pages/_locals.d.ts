/** What the request is given that stands for all pages. */
declare namespace App {
  interface Locals {
    readonly borrow: (lent: import('./_lent-page.ts').LentPage) => void;
  }
}
