import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ownWork } from '../runtime/contract.js';
import { OWN_EXTENSION_HANDLERS } from './hooks/node-features.js';
import { packageType } from './hooks/package-type.js';

let require: NodeJS.Require | null = null;
let depth = 0;
let modules: NodeJS.Dict<NodeModule> = Object.create(null);

const OWN_FOLDER = new URL('../', import.meta.url).href;

/** Is a URL one of ttprof's own modules (not of what it is built on)? */
export function isOwnModule(url: string): boolean {
  return url.startsWith(OWN_FOLDER);
}

/** Are modules of ttprof's own being loaded? They pass through the hooks like any other, and must not be touched. */
export function isLoadingOwnModules(): boolean {
  return depth > 0;
}

type Handler = (module: NodeModule & { _compile(...args: unknown[]): unknown }, file: string) => void;
/** The parts of Node's CommonJS loader that are swapped; undocumented. */
interface CommonJsLoader {
  _cache: NodeJS.Dict<NodeModule>;
  /** Undefined under Yarn's Plug'n'Play. */
  _extensions: Record<string, Handler> | undefined;
}

/**
 * Loads or runs something of ttprof's own with a cache of CommonJS modules apart from the program's: a program that
 * itself uses the parser gets an instance of its own, which can be measured, and ours never is. Compilers that the
 * program registered in `require.extensions` do not see our modules.
 */
export function isolated<T>(run: () => T): T {
  const loader = Module as unknown as CommonJsLoader;
  const { _cache, _extensions } = loader;
  loader._cache = modules;
  if (_extensions !== undefined && !isNodesOwn(_extensions['.js']))
    loader._extensions = {
      ..._extensions,
      '.js': loadAsWritten,
      '.cjs': loadAsWritten,
      '.mjs': loadAsWritten,
    };
  depth++;
  ownWork.words[ownWork.at]!++;
  try {
    return run();
  } finally {
    depth--;
    ownWork.words[ownWork.at]!--;
    modules = loader._cache;
    loader._cache = _cache;
    loader._extensions = _extensions;
  }
}

function isNodesOwn(handler: Handler | undefined): boolean {
  return handler !== undefined && OWN_EXTENSION_HANDLERS.code.test(String(handler));
}

const loadAsWritten: Handler = (module, file) => {
  const isModule = file.endsWith('.mjs') || (file.endsWith('.js') && packageType(file) === 'module');
  module._compile(readFileSync(file, 'utf8'), file, isModule ? 'module' : 'commonjs');
};

/**
 * `require`, {@link isolated} from the program's modules and without the warning that Node 22.12 prints of `require(esm)`.
 * @param id the name of a package, or the URL of a file of ttprof's own: `new URL('…', import.meta.url)`, which says
 *   the same here and after bundling, whichever file calls
 */
export function requireIsolated<T>(id: string | URL): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return isolated(() => {
      // made late: most programs need it at their end, and not at their start
      require ??= createRequire(import.meta.url);
      return require(typeof id === 'string' ? id : fileURLToPath(id)) as T;
    });
  } finally {
    process.emitWarning = emitWarning;
  }
}
