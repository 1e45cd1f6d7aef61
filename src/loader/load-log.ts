import type { MatchedFunction, TargetFacts } from '../runtime/contract.js';
import type { Edit } from './rewrite/insertions.js';
import { mayBeMeant } from './targets/may-be-meant.js';
import type { Target } from './targets/target.js';

/** What happened to one module that was loaded. Plain data: the hooks thread posts it to the thread that it serves. */
export interface LoadEvent {
  /** Absolute path. */
  readonly file: string;
  /** Texts of the targets whose module part names the file; null where none does. */
  readonly searched: readonly string[] | null;
  /** How many functions of the file each of them matched. */
  readonly matched: Readonly<Record<string, number>>;
  /** The functions that are measured from now on. */
  readonly functions: readonly MatchedFunction[];
  /** One line each, for the report. */
  readonly notes: readonly string[];
  /** One line for stderr: the module runs as written, and why. */
  readonly warning: string | null;
  /** Null unless somebody needs it: coverage and samples are given in terms of the module as it was. */
  readonly edited: EditedSource | null;
}

/** A module as it was before it was rewritten. */
export interface EditedSource {
  readonly source: string;
  /** What was inserted, in order. */
  readonly edits: readonly Edit[];
  readonly rewrittenLength: number;
}

/** What the loader saw in one thread: the facts behind "matched nothing, because …". */
export interface LoadLog {
  add(event: LoadEvent): void;
  facts(): TargetFacts[];
  notes(): string[];
}

/** How many files `searched` and `resembling` hold at the most, as the contract says: more would help nobody. */
const MAX_FILES = 20;

/**
 * @param targets those that the loader serves
 * @param cwd absolute path of the root process's working directory
 */
export function createLoadLog(targets: readonly Target[], cwd: string): LoadLog {
  const loaded = new Set<string>();
  const notes = new Set<string>();
  /** Per target text and file, how many functions matched: a module loaded twice (`?query`) counts once. */
  const matched = new Map<string, Map<string, number>>(targets.map(({ text }) => [text, new Map()]));
  const functions = new Map<string, MatchedFunction>();

  return {
    add(event) {
      loaded.add(event.file);
      for (const text of event.searched ?? [])
        matched.get(text)?.set(event.file, event.matched[text] ?? matched.get(text)?.get(event.file) ?? 0);
      for (const each of event.functions) functions.set(`${each.file}\0${each.name}`, each);
      for (const note of event.notes) notes.add(note);
      if (event.warning !== null) notes.add(event.warning);
    },
    facts() {
      return targets
        .filter(({ exclude }) => !exclude)
        .map((target) => {
          const files = [...(matched.get(target.text) ?? [])];
          const count = files.reduce((sum, [, functions]) => sum + functions, 0);
          const searched = files.filter(([, functions]) => functions === 0).map(([file]) => file);
          const resembling =
            count > 0 ? [] : [...loaded].filter((file) => mayBeMeant(target.module, file, cwd));
          return {
            target: target.text,
            matched: count,
            searched: searched.slice(0, MAX_FILES),
            resembling: resembling.slice(0, MAX_FILES),
            functions: [...functions.values()].filter((each) => each.targets.includes(target.text)),
          };
        });
    },
    notes: () => [...notes],
  };
}
