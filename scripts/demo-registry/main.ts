#!/usr/bin/env node
/** Runs the demo registry by itself: `node scripts/demo-registry/main.ts --port 5000`. Ends with the signal that ends it. */
import { parseArgs } from 'node:util';
import { fillDemoCatalogue } from './catalogue/fill-demo-catalogue.ts';
import { createDemoRegistry } from './demo-registry.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const registry = createDemoRegistry({ recordsRequests: false });
fillDemoCatalogue(registry.store);
console.log(await registry.listen(Number(values.port)));
