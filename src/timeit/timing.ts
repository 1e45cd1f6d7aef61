/** Something to be timed: `loop(n)` does it n times; a promise where that takes waiting. */
export interface TimedLoop {
  readonly name: string;
  readonly loop: (count: number) => unknown;
}

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
