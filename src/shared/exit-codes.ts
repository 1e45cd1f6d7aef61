/**
 * The exit codes of ttprof itself; the program's own, where it is not 0, comes before all of them. They are part of the
 * contract with scripts and CI (docs/options.md, "Exit codes").
 */
export const EXIT_CODES = {
  ok: 0,
  /** A file that was asked for could not be written. */
  notWritten: 1,
  /** `ttprof bisect`: the two ends do not differ. */
  noDifference: 1,
  /** Wrong usage or configuration, said in one line; or a gate that could not fail. */
  wrongUsage: 2,
  /** Slower than `--fail-if-slower` allows, beyond doubt. */
  slower: 3,
  /** A target matched nothing, or was never called. */
  missing: 4,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
