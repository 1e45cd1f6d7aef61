import { requireIsolated } from '../isolation.js';
import type { EditedSource } from '../load-log.js';
import type * as Coverage from './coverage.js';

type Post = (this: unknown, method: string, ...rest: unknown[]) => unknown;
type Done = (error: unknown, result?: { result?: unknown }) => void;

const TAKING = new Set(['Profiler.takePreciseCoverage', 'Profiler.getBestEffortCoverage']);

const { apply } = Reflect;

/**
 * Makes the inspector of this thread give coverage in terms of the modules as they were before they were rewritten: test
 * runners ask it, and know only those. To be called before they get hold of `post`.
 * @param sources as {@link translateCoverage} takes it; may grow
 */
export function translatePreciseCoverage(sources: ReadonlyMap<string, readonly EditedSource[]>): void {
  // Node can be built without an inspector: then nobody collects coverage there
  if (!process.features.inspector) return;
  const known = new Map<unknown, EditedSource>();
  const translate = (answer: unknown): void => {
    const { result } = (answer ?? {}) as { result?: unknown };
    if (sources.size === 0 || !Array.isArray(result)) return;
    const { translateCoverage } = requireIsolated<typeof Coverage>(new URL('./coverage.js', import.meta.url));
    translateCoverage({ result }, sources, known);
  };
  const { Session } = process.getBuiltinModule('node:inspector');
  // loaded before the other one is patched, because it copies `post` from it as it loads
  const { Session: Promising } = process.getBuiltinModule('node:inspector/promises');
  patchPost(
    Session.prototype,
    (original) =>
      function post(method, ...rest) {
        const at = rest.findIndex((each) => typeof each === 'function');
        if (!TAKING.has(method) || at === -1) return apply(original, this, [method, ...rest]);
        const done = rest[at] as Done;
        const translated: Done = (error, answer) => {
          translate(answer);
          done(error, answer);
        };
        return apply(original, this, [method, ...rest.with(at, translated)]);
      },
  );
  if (!Object.hasOwn(Promising.prototype, 'post')) return;
  patchPost(
    Promising.prototype,
    (original) =>
      function post(method, ...rest) {
        const answer = apply(original, this, [method, ...rest]);
        if (!TAKING.has(method)) return answer;
        return (answer as Promise<unknown>).then((given) => {
          translate(given);
          return given;
        });
      },
  );
}

function patchPost(prototype: object, make: (original: Post) => Post): void {
  const holder = prototype as { post: Post };
  holder.post = make(holder.post);
}
