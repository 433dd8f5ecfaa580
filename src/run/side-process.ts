/** A process beside the run: it does what it is told, one piece of work after the other, until nobody needs it any more. */
import { clearRelease } from '../publish/clear-release.ts';
import { createStagedCheck } from './check-staged.ts';
import { summarise } from './summaries.ts';
import { createStockParts } from './work-out-stock.ts';
import { serveOrders } from './work-process.ts';
import { createPartsWriter } from './write-parts.ts';

const stock = createStockParts();
const parts = createPartsWriter();
const check = createStagedCheck();

type Ahead = Parameters<typeof stock.readAhead>[0] &
  Parameters<typeof parts.readAhead>[0] &
  Parameters<typeof check.readAhead>[0];

/** In the order in which it is wanted. */
function readAhead(what: Ahead): void {
  stock.readAhead(what);
  parts.readAhead(what);
  check.readAhead(what);
}

serveOrders(readAhead, {
  'check-staged': check.look,
  'clear-release': async (staged: string) => clearRelease(staged),
  'finish-stock': stock.finish,
  'keep-stock': stock.keep,
  summarise,
  'take-stock': stock.take,
  'write-parts': parts.write,
});
