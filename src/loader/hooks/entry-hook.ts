/**
 * For `node --import ttprof/register -- --ttprof=T app.js`: Node takes our option for the script and asks the `resolve`
 * hooks for a file of that name. They answer with the real script.
 */
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EntryMapping } from './entry-mapping.js';
import { hasFeature, SOUND_SYNC_HOOKS } from './node-features.js';

/** Newer than the type declarations that this project compiles with. */
type RegisterHooks = (hooks: {
  resolve: (
    specifier: string,
    context: unknown,
    next: (specifier: string, context: unknown) => unknown,
  ) => unknown;
}) => unknown;

/**
 * Makes Node run `script` in the place of the argument that it took for the script.
 * @param argument as it stands in `process.argv[1]`
 * @param script as the user wrote it: like Node, without extension and as a folder too
 * @param cwd absolute path of the working directory
 */
export function mapEntry(argument: string, script: string, cwd: string): void {
  const mapping: EntryMapping = {
    from: pathToFileURL(resolve(cwd, argument)).href,
    to: findScript(script, cwd),
  };
  if (hasFeature(SOUND_SYNC_HOOKS)) {
    const { registerHooks } = nodeModule as unknown as { registerHooks: RegisterHooks };
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier === mapping.from ? mapping.to : specifier, context),
    });
  } else {
    nodeModule.register(new URL('./entry-hook-async.js', import.meta.url), { data: mapping });
  }
}

function findScript(script: string, cwd: string): string {
  const path = resolve(cwd, script);
  try {
    return pathToFileURL(nodeModule.createRequire(pathToFileURL(`${cwd}/`)).resolve(path)).href;
  } catch {
    return pathToFileURL(path).href; // there is none: Node says so, with this path
  }
}
