/** A process that takes stock once, and says what it worked out. */
import { takeStockHere } from './take-stock.ts';
import { serveOrders } from './work-process.ts';

serveOrders(takeStockHere);
