/** Something to be timed: `loop(n)` does it n times; a promise where that takes waiting. */
export interface TimedLoop {
  readonly name: string;
  readonly loop: (count: number) => unknown;
  /** `loop` gives the ns that it took, or a promise of them: some of what it does is not to be timed. */
  readonly timesItself?: boolean;
  /** Around each round, and around what is run to find the number of loops. Not timed. */
  readonly before?: (mode: LoopMode) => unknown;
  readonly after?: (mode: LoopMode) => unknown;
}

/** Are loops run to be timed, or to warm up and to find how many of them make a round? */
export type LoopMode = 'run' | 'warmup';

export interface TimeitLimits {
  /** How many loops are in a round; null: as many as take 20 ms. */
  readonly loops: number | null;
  readonly rounds: number;
}

/** As many rounds as are made where nothing else is said. */
export const DEFAULT_ROUNDS = 25;

/** What was measured of one case in one process. */
export interface CaseTiming {
  readonly name: string;
  readonly loops: number;
  /** Of each round, per loop. */
  readonly roundsNs: readonly number[];
  /** What an empty loop takes. */
  readonly emptyNs: number;
}
