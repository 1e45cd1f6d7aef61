import Module from 'node:module';
import { extname, resolve } from 'node:path';
import { hasOtherLoaders } from './compiled-entry.js';
import { packageType } from './package-type.js';

// Captured: the program may have it timed.
const { apply } = Reflect;

interface MainRunner {
  runMain: (main?: string) => unknown;
  _findPath(path: string, folders: null, isMain: boolean): string | false;
  _load(path: string, parent: null, isMain: boolean): unknown;
}

/**
 * Launchers such as ts-node and babel-node register a compiler with `require.extensions`, put the program into
 * `process.argv` and call `Module.runMain()`. With any `--import` Node gives the program to its loader of ES modules,
 * which knows nothing of such compilers (`shouldUseESMLoader` in Node's lib/internal/modules/run_main.js). Where ours is
 * the only one, the program goes to `require`, as it does without us.
 */
export function keepProgramsOfLaunchersInCommonJs(isOwnPreload: (value: string) => boolean): void {
  const runner = Module as unknown as MainRunner;
  const original = runner.runMain;
  runner.runMain = function runMain(...args) {
    const [, program] = process.argv;
    // Node itself says which file it means
    const isLaunched = args.length === 0 && program !== undefined;
    if (!isLaunched || hasOtherLoaders(process.execArgv, isOwnPreload) || !isCommonJs(program))
      return apply(original, this, args);
    return runner._load(program, null, true);
  };

  function isCommonJs(program: string): boolean {
    const file = runner._findPath(resolve(program), null, true);
    if (file === false) return false;
    const extension = extname(file);
    if (extension === '.cjs' || extension === '.cts') return true;
    return !['.mjs', '.mts', '.wasm'].includes(extension) && packageType(file) !== 'module';
  }
}
