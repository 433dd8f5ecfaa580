/** A process that writes what plain writers make of the repositories. */
import { serveOrders } from './work-process.ts';
import { writePartsHere } from './write-parts.ts';

serveOrders(writePartsHere);
