/** A thread that takes stock once. */
import { parentPort, workerData } from 'node:worker_threads';
import { type StockOrders, takeStockHere } from './take-stock.ts';

parentPort?.postMessage(await takeStockHere(workerData as StockOrders));
