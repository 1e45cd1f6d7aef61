import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const DAY = fileURLToPath(new URL('../../../bench/drill/day.mjs', import.meta.url));

interface Measured {
  readonly folded: number;
  readonly requests: number;
  readonly heapUsed: number;
  readonly nodes: number;
  readonly samples: number;
}

/** A tenth of those of a day. */
const FOLDS = 144;
/**
 * What may stay: of a fold, of a function that was located (10,000 of them at most), of a node of the tree. On Node 26 about
 * 3 kB stay of each function that is compiled while V8's profiler runs; the process grows no further for it.
 */
const BYTES_OF_FOLD = 500;
const BYTES_OF_FUNCTION = Number.parseInt(process.versions.node, 10) >= 26 ? 4_500 : 800;
const BYTES_OF_NODE = 2_000;

test('what is sampled for long, of code that is another each time, leaves nodes of the tree and nothing else', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', DAY, String(FOLDS)], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const measured = JSON.parse(stdout) as Measured[];
  const [, half, , whole] = measured as [Measured, Measured, Measured, Measured];
  assert.ok(whole.folded >= FOLDS && whole.samples > half.samples);
  const grown = whole.heapUsed - half.heapUsed;
  const allowed =
    BYTES_OF_FOLD * (whole.folded - half.folded) +
    BYTES_OF_FUNCTION * (whole.requests - half.requests) +
    BYTES_OF_NODE * (whole.nodes - half.nodes);
  assert.ok(grown <= allowed, `${grown} bytes, of which ${allowed} are explained: ${stdout}`);
});
