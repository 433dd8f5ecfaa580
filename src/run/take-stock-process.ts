/** A process that takes a part of the stock, and says what it worked out. */
import { type PartOrders, takePartHere } from './take-stock.ts';
import { serveOrders } from './work-process.ts';

serveOrders((orders: PartOrders) => takePartHere(orders));
