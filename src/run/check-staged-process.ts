/** A process that looks at a staged site, and says what is wrong with it. */
import { lookAtStaged } from './check-staged.ts';
import { serveOrders } from './work-process.ts';

serveOrders(lookAtStaged);
