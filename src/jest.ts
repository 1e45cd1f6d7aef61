import { pathToFileURL } from 'node:url';
import { requireOfProject } from './plugins/from-project.js';
import { warnWithoutPreload } from './plugins/without-preload.js';

/** What `['ttprof/jest', { … }]` takes in Jest's `transform`. */
export interface JestOptions {
  /** The project's own transformer, as Jest takes it; by default babel-jest. */
  readonly transform?: string | readonly [name: string, options: unknown];
}

interface Transformer {
  createTransformer?(options: unknown): unknown;
}

/**
 * Jest's transformers stay as they are: modules are rewritten after them, as Jest evaluates them, so that type checks,
 * coverage and Jest's cache know nothing of it. This one is for configurations that name ttprof.
 * @returns the project's own transformer
 */
export async function createTransformer({ transform = 'babel-jest' }: JestOptions = {}): Promise<unknown> {
  warnWithoutPreload('npx jest');
  const [name, options] = typeof transform === 'string' ? [transform] : transform;
  const path = requireOfProject(name, process.cwd()).resolve(name);
  const module = (await import(pathToFileURL(path).href)) as {
    default?: Transformer & { default?: Transformer };
  };
  const own: Transformer = module.default?.default ?? module.default ?? (module as Transformer);
  return own.createTransformer === undefined ? own : await own.createTransformer(options);
}

export default { createTransformer };
