/** What became of a target: how many functions it matched, and if none, why. */
export interface TargetOutcome {
  readonly target: string;
  readonly matched: number;
  /** Null where something matched. */
  readonly reason: string | null;
  readonly suggestions: readonly string[];
}
