/** Why a function may keep something from one call to the next. */
export interface Refusal {
  /** What it does: `reads total, which is reassigned in line 3`. */
  readonly reason: string;
  /** Where, 1-based, in the file that the reason names, else in the function's own. */
  readonly line: number;
}

/** A module that another one imports by a relative path. */
export interface ImportedModule {
  /** Absolute path. */
  readonly file: string;
  readonly source: string;
}

/** Reads what a module imports; null where it is no file of the same package, or holds no code (JSON, `.node`). */
export type ReadImported = (specifier: string, fromFile: string) => ImportedModule | null | 'missing';
