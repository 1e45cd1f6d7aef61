/** A function of which two versions share one process. Names are qualified, files absolute paths. */
export interface ExchangedFunction {
  readonly name: string;
  /** The module that the program runs. */
  readonly file: string;
  /** That of the other version, and what the function is called there. */
  readonly base: { readonly file: string; readonly name: string };
  /** An expression that gives the function anywhere in the base's module. */
  readonly reach: string;
}

/** `ttprof ab --turns module`: single calls go to another version; JSON in the environment. */
export interface ExchangeOptions {
  readonly functions: readonly ExchangedFunction[];
  /** Which version is loaded first alone can make a difference: it is drawn for each process. */
  readonly loadsBaseFirst: boolean;
  /** Decides which call goes where. */
  readonly seed: number;
}

/** What rewritten modules find as {@link RuntimeHandle.exchange}. Nothing of it throws. */
export interface Exchange {
  /** A module of the program begins to run. */
  begin(file: string): void;
  /** A module of the base has functions, by their place in {@link ExchangeOptions.functions}. */
  offer(functions: Readonly<Record<number, () => unknown>>): void;
  /** A call begins. @returns the base's version, where that is to run in place of the body */
  choose(index: number): ((...args: unknown[]) => unknown) | null;
}
