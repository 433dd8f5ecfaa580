/** A process that takes stock once, and says what it worked out. */
import { type StockOrders, takeStockHere } from './take-stock.ts';

process.once('message', async (orders: StockOrders) => {
  try {
    const workedOut = await takeStockHere(orders);
    process.send?.(workedOut, () => process.disconnect());
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
