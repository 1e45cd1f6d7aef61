import type { InjectedNames } from './injected-names.js';

/** Stands in every rewritten module, and in no other. Compilers that print such code again leave it as it is. */
export const RUNTIME_KEY_CODE = 'globalThis.Symbol.for("ttprof.runtime")';

/**
 * The text at the top of the module through which its functions find their probe, the first time that one runs. Nothing in
 * it throws: the module may have a `globalThis` of its own, and the program another `Symbol.for`.
 */
export function prologue(names: InjectedNames, description: string): string {
  const { load, module, handle } = names;
  // a string in a string; and no `</script>` for pages that embed the code
  const json = JSON.stringify(description).replaceAll('<', '\\x3C');
  return (
    `var ${module};function ${load}(){try{var ${handle};return ${module}||(${module}=` +
    `(${handle}=globalThis[${RUNTIME_KEY_CODE}])&&${handle}.load(${json})||void 0)}catch{}}`
  );
}

/** Has this source been rewritten before? */
export function isInstrumented(source: string): boolean {
  return source.includes(RUNTIME_KEY_CODE);
}
