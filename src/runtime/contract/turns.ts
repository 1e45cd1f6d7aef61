/** What a process needs to know to take part; JSON in the environment. */
export interface TurnsOptions {
  /** Absolute path of a folder with the FIFOs `0` and `1`, in which also what goes wrong is noted. */
  readonly folder: string;
  readonly side: 0 | 1;
  /** Decides who leads in each turn, and where maps keep what; positive, of 31 bits. */
  readonly seed: number;
  /** Outermost calls in a slice. */
  readonly calls: number;
}

/**
 * Node draws anew for each process by which hashes it finds keys in maps and objects, which alone makes functions that
 * use them several percent faster or slower for the whole process: the processes of a pair draw together.
 */
export const hashSeedFlag = ({ seed }: Pick<TurnsOptions, 'seed'>): string => `--hash-seed=${seed}`;

/**
 * In the folder: made by the process of a side that takes turns, when it calls a target for the first time. It holds the
 * process id where its main thread does.
 */
export const claimFile = (side: TurnsOptions['side']): string => `claimed-${side}`;

/** Why processes cannot take turns; the name of a file in the folder. */
export const OBSTACLES = ['slow', 'threads', 'processes'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** The other side has ended: whoever reads this waits no more. */
export const FREE = 0x46;
