/** In the package: a parameter of the script that all this is part of (`compiled-code.ts`). In `dist` there is none. */
declare const keepCompiledCode: (() => void) | undefined;

/**
 * Keeps what V8 has compiled of the preload so far, so that the next process need not compile it.
 * Code compiled for coverage counts its blocks: no other program should run that.
 */
export function keepCode(): void {
  const { NODE_V8_COVERAGE } = process.env;
  if (NODE_V8_COVERAGE !== undefined) return;
  if (typeof keepCompiledCode === 'function') keepCompiledCode();
}
