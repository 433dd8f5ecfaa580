/** A process that sums up what has changed, and says how much it was. */
import { summarise } from './summaries.ts';
import { serveOrders } from './work-process.ts';

serveOrders(summarise);
