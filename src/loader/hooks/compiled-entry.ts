import Module from 'node:module';
import { extname } from 'node:path';
import { OWN_EXTENSION_HANDLERS } from './node-features.js';
import { packageType } from './package-type.js';

/** What decides how Node loads the entry script. */
export interface EntryCircumstances {
  /** Absolute path. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly nodeOptions: string;
  /** Is a flag's value our own preload? */
  readonly isOwnPreload: (value: string) => boolean;
  /** Names of the functions in `require.extensions`, by extension. */
  readonly handlers: Readonly<Record<string, string>>;
}

/**
 * With any `--import` Node gives the entry script to its loader of ES modules, which knows nothing of compilers that
 * were registered with `require.extensions` (`--require ts-node/register`): a TypeScript entry would fail or be stripped
 * instead of compiled. Says whether, without our preload, such a compiler would have been asked.
 */
export function isCompiledByRequire(circumstances: EntryCircumstances): boolean {
  const { entry, handlers } = circumstances;
  const extension = extname(entry);
  const handler = handlers[extension];
  if (handler === undefined || extension === '.mjs' || extension === '.mts') return false;
  const isNodesOwn =
    handler === '' ? extension === '.js' : OWN_EXTENSION_HANDLERS.typescriptNames.test(handler);
  if (isNodesOwn) return false;
  const { execArgv, nodeOptions, isOwnPreload } = circumstances;
  if (hasOtherLoaders(execArgv, isOwnPreload, { NODE_OPTIONS: nodeOptions })) return false;
  return extension === '.cjs' || extension === '.cts' || packageType(entry) !== 'module';
}

/** The circumstances of this thread. */
export function readCircumstances(
  entry: string,
  isOwnPreload: (value: string) => boolean,
): EntryCircumstances {
  const { _extensions } = Module as unknown as { _extensions?: Record<string, { name: string }> };
  // undefined under Yarn's Plug'n'Play
  const handlers = Object.entries(_extensions ?? {}).map(([extension, { name }]) => [extension, name]);
  const { NODE_OPTIONS: nodeOptions = '' } = process.env;
  return {
    entry,
    execArgv: process.execArgv,
    nodeOptions,
    isOwnPreload,
    handlers: Object.fromEntries(handlers),
  };
}

/** Are there loaders beside ours that could compile what we rewrote? */
export function hasOtherLoaders(
  execArgv: readonly string[],
  isOwnPreload: (value: string) => boolean,
  { NODE_OPTIONS: nodeOptions = '' } = process.env,
): boolean {
  const flags = [...execArgv, ...nodeOptions.split(/\s+/)];
  return flags.some((flag, at) => {
    const [, name, value] = /^--(import|loader|experimental-loader)(?:=(.*))?$/.exec(flag) ?? [];
    return name !== undefined && !isOwnPreload((value ?? flags[at + 1] ?? '').replaceAll('"', ''));
  });
}
