import type { InjectedNames } from './injected-names.js';

/** Stands in every rewritten module, and in no other. Compilers that print such code again leave it as it is. */
export const RUNTIME_KEY_CODE = 'globalThis.Symbol.for("ttprof.runtime")';

/**
 * The text at the top of a module by which its functions find their probe, the first time that one runs. It never throws,
 * whatever the module declares as `globalThis` and the program makes of `Symbol.for`.
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
