/** A place in a program's sources. */
export interface SourcePlace {
  /** Empty where the function has none. */
  readonly name: string;
  /** Absolute path of the source, or a URL that is no file; empty for what is V8's own. */
  readonly file: string;
  /** 1-based; 0 where it is not known. */
  readonly line: number;
}

/** A function below a target, as often as the sampler met it there. */
export interface DrillNode extends SourcePlace {
  /** Samples in which it was running itself. */
  readonly self: number;
  /** Those and the ones of its children. */
  readonly total: number;
  /** The line of it that was met most often; left out where V8 does not tell. */
  readonly hotLine?: number;
  /** Indices into the same list, all larger than its own. */
  readonly children: readonly number[];
}

/** What ran while calls of one function ran. */
export interface DrillTree {
  readonly intervalUs: number;
  /** In the tree, which is that of its first node. */
  readonly samples: number;
  /** The first is the target itself; empty where there is no sample. */
  readonly nodes: readonly DrillNode[];
}

/** Names of nodes that are no functions. */
export const INLINED = '[inlined]';
export const COLLECTOR = '(garbage collector)';
