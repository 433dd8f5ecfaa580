/** A process beside the run: it does what it is told, one piece of work after the other, until nobody needs it any more. */
import { lookAtStaged } from './check-staged.ts';
import { summarise } from './summaries.ts';
import { createStockParts } from './work-out-stock.ts';
import { serveOrders } from './work-process.ts';
import { writePartsHere } from './write-parts.ts';

const stock = createStockParts();

serveOrders(stock.readAhead, {
  'check-staged': lookAtStaged,
  'finish-stock': stock.finish,
  'keep-stock': stock.keep,
  summarise,
  'take-stock': stock.take,
  'write-parts': writePartsHere,
});
