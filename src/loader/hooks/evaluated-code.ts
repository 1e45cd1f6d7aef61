type Format = 'module' | 'commonjs';

/** A module as a program evaluates it through `node:vm`, as test runners do with those that they load themselves. */
export interface EvaluatedModule {
  readonly source: string;
  readonly format: Format;
  /** What stands around it: a function with what a module sees as its parameters. */
  readonly before: string;
  readonly after: string;
}

/** What loaders write around a module, each with where that is found. */
const WRAPPERS: readonly { readonly start: RegExp; readonly end: string; readonly format: Format }[] = [
  // vite-node 2 and 3, `runModule`; vitest 4 and 5, `module-evaluator.js`
  { start: /^'use strict';async \([\w$,]*\)=>\{\{/, end: '\n}}', format: 'module' },
  // jest-runtime 29, `constructModuleWrapperStart`
  { start: /^\(\{"Object\.<anonymous>":function\([\w$,]*\)\{/, end: '\n}});', format: 'commonjs' },
  // `wrap` of node:module; jiti 2, `wrapModule`
  {
    start: /^\((?:async )?function \(exports, require, module, __filename, __dirname[\w$, ]*\) \{ /,
    end: '\n});',
    format: 'commonjs',
  },
];

/**
 * Removes the wrapper that a loader wrote around a module.
 * @returns null where the text is a script and no module: what a script declares at its top belongs to the global object,
 *   and so would what rewriting adds
 */
export function unwrapModule(text: string): EvaluatedModule | null {
  for (const { start, end, format } of WRAPPERS) {
    const before = start.exec(text)?.[0];
    if (before === undefined || !text.endsWith(end)) continue;
    return { source: text.slice(before.length, -end.length), format, before, after: end };
  }
  return null;
}
