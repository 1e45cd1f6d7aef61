import { createRequire } from 'node:module';
import { floor } from '../captured-math.js';
import type { Exchange, ExchangeOptions, SiteIndex } from '../contract.js';
import { heapWords } from '../memory/arena.js';
import { stackBottom, topWord } from '../record/shadow-stack.js';

// Captured: the program may replace them.
const { assign } = Object;
const { apply } = Reflect;

/*
 * `ttprof ab --turns module`: both versions of a function in one process. Only outermost calls are handed on: what a
 * version calls itself is its own. Loaded only where it is asked for.
 */

/** In each block of so many calls of a function half go to the base, in an order that is drawn. */
const BLOCK_CALLS = 20;

type Callable = (...args: unknown[]) => unknown;

/** @param warn is told why a version cannot be loaded */
export function createExchange(
  { functions, loadsBaseFirst, seed }: ExchangeOptions,
  warn: (line: string) => void,
): Exchange {
  const random = createRandom(seed);
  const offered: Record<number, () => unknown> = {};
  const loaded = new Set<string>();
  const versions: (Callable | null | undefined)[] = functions.map(() => undefined);
  /** For each function, who gets the calls of a block: 1 is the base. After the last one it is shuffled again. */
  const orders = functions.map(() => Uint8Array.from({ length: BLOCK_CALLS }, (_, at) => at % 2));
  const places = functions.map(() => BLOCK_CALLS);
  let isLoading = false;

  function load(file: string): void {
    if (loaded.has(file)) return;
    loaded.add(file);
    isLoading = true;
    try {
      requireQuietly(file);
    } catch (error) {
      warn(
        `${file} cannot be loaded beside the other version: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      isLoading = false;
    }
  }

  function find(index: SiteIndex): Callable | null {
    load(functions[index]!.base.file);
    try {
      const version = offered[index]?.();
      return typeof version === 'function' ? (version as Callable) : null;
    } catch {
      return null;
    }
  }

  function shuffle(order: Uint8Array): void {
    for (let at = order.length - 1; at > 0; at--) {
      const other = floor(random() * (at + 1));
      const value = order[at]!;
      order[at] = order[other]!;
      order[other] = value;
    }
  }

  return {
    begin(file) {
      if (!loadsBaseFirst || isLoading) return;
      for (const each of functions) if (each.file === file) load(each.base.file);
    },
    offer(more) {
      assign(offered, more);
    },
    choose(index) {
      if (heapWords[topWord] !== stackBottom || isLoading) return null;
      let version = versions[index];
      if (version === undefined) version = versions[index] = find(index as SiteIndex);
      if (version === null) return null;
      const order = orders[index]!;
      if (places[index] === BLOCK_CALLS) {
        places[index] = 0;
        shuffle(order);
      }
      return order[places[index]!++] === 1 ? version : null;
    },
  };
}

/** `require` without the warning of those versions of Node that call `require(esm)` experimental. */
function requireQuietly(file: string): void {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') apply(emitWarning, process, [warning, ...rest]);
  }) as typeof emitWarning;
  try {
    createRequire(file)(file);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** xorshift32 (Marsaglia 2003). @returns numbers in [0, 1) */
function createRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
