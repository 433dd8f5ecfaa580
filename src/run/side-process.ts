/** A process beside the run: it does what it is told, one piece of work after the other, until nobody needs it any more. */
import { lookAtStaged } from './check-staged.ts';
import { summarise } from './summaries.ts';
import { takeStockHere } from './take-stock.ts';
import { serveOrders } from './work-process.ts';
import { writePartsHere } from './write-parts.ts';

serveOrders({
  'check-staged': lookAtStaged,
  summarise,
  'take-stock': takeStockHere,
  'write-parts': writePartsHere,
});
