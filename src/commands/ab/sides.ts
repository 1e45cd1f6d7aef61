/** Two copies of one project: the one in which the user works, and the one to compare with. Absolute paths. */
export interface Sides {
  /** The roots of both copies, and the folder in which the program runs. */
  readonly head: { readonly root: string; readonly cwd: string };
  readonly base: { readonly root: string; readonly cwd: string };
  /** What the base is called in the report. */
  readonly source: string;
  /** Whether the base was checked out for this comparison: then it has no dependencies of its own. */
  readonly isCheckout: boolean;
  /** Removes what was made. */
  remove(): void;
}
