import { parentPort } from 'node:worker_threads';
import type { SiteIndex } from '../../../dist/runtime/contract.js';
import { stackBottom } from '../../../dist/runtime/record/shadow-stack.js';
import { startRuntime } from '../../../dist/runtime/runtime.js';

// A worker that records one call and tells where in the arena its stack lies. One that is told so never ends by itself.
// (Without the harness: Node 26 crashes where a worker is terminated in a module that waited for another one.)
const sites = [{ name: 'f', line: 1, column: 1, kind: 'sync', targets: ['f'] }];
const { handle } = startRuntime({
  raw: true,
  sample: 1,
  cpu: false,
  settle: false,
  warmup: 0,
});
const probe = handle.load(JSON.stringify({ file: '/app/worker.js', sites }));
const token = probe.enter(0 as SiteIndex);
parentPort!.postMessage(stackBottom);
if (process.argv[2] === 'endless') for (;;);
probe.exit(0 as SiteIndex, token, undefined);
