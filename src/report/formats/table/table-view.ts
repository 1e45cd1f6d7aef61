/** Which part of a report the table shows, and how; every format with a table takes it. */
export interface TableView {
  /** A column of `column-list.ts` by which the rows are ordered; null or left out: the targets' order. */
  readonly sort?: string | null;
  /** How many rows at most, 0 for all; null or left out: what `select-functions.ts` says. */
  readonly top?: number | null;
  /** Columns of `column-list.ts` in this order; null or left out: tprof's. */
  readonly chosen?: readonly string[] | null;
  /** How many callers of each function are shown, and how many that it called; null or left out: none. */
  readonly callers?: number | null;
  readonly callees?: number | null;
}
