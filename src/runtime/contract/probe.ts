import type { SiteIndex } from './addresses.js';
import type { Exchange } from './exchange.js';

/** The key of the one property of `globalThis` through which rewritten code finds the runtime. */
export const RUNTIME_KEY = Symbol.for('ttprof.runtime');

/** What methods that are decorated with `@tprof.timed()` have in the place of a target. */
export const TIMED_TARGET = '@tprof.timed()';

/** What a call of a function is: how it starts, and when it ends. */
export type FunctionKind = 'sync' | 'async' | 'generator' | 'async-generator';

/** One function that is measured. */
export interface SiteDescription {
  /** The qualified name as in JSON: `C.m`, `outer.inner`, `C.a#get`, `f#2`. */
  readonly name: string;
  /** 1-based, of the original source where a map is known. */
  readonly line: number;
  readonly column: number;
  readonly kind: FunctionKind;
  /** Absolute path of the original source; left out where it is the module's own file. */
  readonly file?: string;
  /** The texts of the targets that matched, in the order in which they were given. */
  readonly targets: readonly string[];
  /** The expression by whose value its calls are broken down; left out: by none. */
  readonly by?: string;
}

/** A function that targets name. */
export interface MatchedFunction extends SiteDescription {
  /** The absolute path of its source. */
  readonly file: string;
}

/** What a rewritten module says of itself; rewritten code carries it as a JSON string. */
export interface ModuleDescription {
  /** The absolute path of the module's file (or its URL where it has no file). */
  readonly file: string;
  readonly sites: readonly SiteDescription[];
}

/** The property of `globalThis`: set by the preload in each thread. */
export interface RuntimeHandle {
  /**
   * Called once by each instance of a rewritten module before its first measured call.
   * @param json a {@link ModuleDescription}
   * @returns the module's probe; never throws
   */
  load(json: string): ModuleProbe;
  /** Where two versions of functions share this process. */
  exchange?: Exchange;
}

/** What rewritten code calls; `site` is the index into {@link ModuleDescription.sites}. */
export interface ModuleProbe {
  /** How deep {@link ownWork} may be for calls to be recorded; 0 where left out. */
  ownDepth?: number;
  /** A call of a sync function begins. @returns a token for `exit` */
  enter(site: SiteIndex): number;
  /**
   * The call ends. `value` is what it returned, or the probe itself where it threw (nothing else can return that),
   * which spares the rewritten code a second variable.
   */
  exit(site: SiteIndex, token: number, value: unknown): void;
  /**
   * A call of an async function, generator or async generator begins (its body runs).
   * @param idle whether nothing runs before it waits for the first time, so that it may count as waiting from the start
   */
  start(site: SiteIndex, idle?: boolean): CallProbe;
  /** Asked for before the key of a call that is broken down. @returns when, in ns; 0 or less where that is not timed */
  key?(site: SiteIndex): number;
  /** @returns the group of calls with this key; the key's conversion to text may throw */
  group?(site: SiteIndex, key: unknown): number;
  /** In place of `exit`, with what `group` gave (0: the key threw) and what `key` gave. */
  exitBy?(site: SiteIndex, token: number, value: unknown, group: number, since: number): void;
  /** In place of `start`. */
  startBy?(site: SiteIndex, group: number, since: number): CallProbe;
  /** A stand-in calls an async function, of whose body it sees nothing. @returns a token for `follow` */
  begin(site: SiteIndex): number;
  /**
   * The function has returned. The call ends when its promise settles.
   * @param promise what it returned, or the probe itself where it threw
   * @returns what the program shall get: a promise that settles as `promise` does, one turn of the microtask queue later
   */
  follow(site: SiteIndex, token: number, promise: unknown): unknown;
  /**
   * A stand-in calls an async generator function, of whose body it sees nothing: the first step begins.
   * @param waits whether the body can `await`: a step lasts until its promise settles then, else until it returns that
   */
  beginSteps(site: SiteIndex, waits: boolean): StepsProbe;
}

/**
 * One call of an async generator, of which only the steps are seen (`next`, `return`, `throw`). The object is used
 * again for another call when all of them have settled; `serial` is another number then.
 */
export interface StepsProbe {
  readonly serial: number;
  /** The generator has come to its end: further steps are none of the call's. */
  readonly isDone: boolean;
  /** 0 where no step is running: what the body itself asks for waits until it has returned. */
  readonly frame: number;
  /** Another step begins. */
  resume(): void;
  /** It has returned a promise, or thrown. */
  leave(): void;
  /**
   * After that, with a native promise, of which the step's end is learnt.
   * @returns what the program shall get: a promise that settles as `promise` does, one turn of the microtask queue later
   */
  follow(promise: Promise<unknown>): Promise<unknown>;
}

/** One call that can pause. Its own code runs from `start` on, not between `pause` and `resume`. */
export interface CallProbe {
  /** Before `await` and `yield`: the call's own code stops. @returns `value` */
  pause<T>(value: T): T;
  /** Before the `yield` of an async generator: until it is resumed, time is the consumer's. @returns `value` */
  leave<T>(value: T): T;
  /** After them, and first in every `catch` and `finally` block; harmless where the call is running. @returns `value` */
  resume<T>(value?: T): T;
  /**
   * In place of `end` for an async function, whose call ends when the promise that it returned settles.
   * @returns whether it is to return the call instead, which is then a thenable that follows the promise
   */
  settle(value: unknown): boolean;
  /** The body has ended; `value` as in {@link ModuleProbe.exit}, with the call probe itself where it threw. */
  end(value: unknown): void;
}
