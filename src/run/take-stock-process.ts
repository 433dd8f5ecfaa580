/** A process that takes stock, and says what it worked out. */
import { type StockOrders, takeStockHere } from './take-stock.ts';
import { serveOrders } from './work-process.ts';

serveOrders((orders: StockOrders) => takeStockHere(orders));
