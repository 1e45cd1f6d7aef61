import { isAbsolute } from 'node:path';

/** What a bundler calls a module, as far as it can be measured. */
export interface ModuleId {
  /** Absolute path of its file. */
  readonly file: string;
  /** `script`: JavaScript or TypeScript as it is on the disk; `component`: a file that a compiler makes JavaScript of. */
  readonly kind: 'script' | 'component';
}

const SCRIPT = /\.[cm]?[jt]sx?$/;
const COMPONENT = /\.(?:vue|svelte|astro|marko|mdx)$/;
/** Queries with which a file is imported as something other than a module. */
const OTHER_CONTENT = /[?&](?:raw|url|inline|no-inline|init|worker|sharedworker|commonjs-[\w-]+)(?=[&=]|$)/;

/**
 * Reads the id of a module in a bundler.
 * @returns null for virtual modules, and for files that are imported as something other than a module (`?raw`)
 */
export function readModuleId(id: string): ModuleId | null {
  if (id.startsWith('\0')) return null;
  const at = id.search(/[?#]/);
  const file = at === -1 ? id : id.slice(0, at);
  const query = at === -1 ? '' : id.slice(at);
  if (!isAbsolute(file) || OTHER_CONTENT.test(query)) return null;
  if (SCRIPT.test(file)) return { file, kind: 'script' };
  // bundlers import the parts of a component one by one: its template and styles are no JavaScript
  const isScript = !/[?&]type=/.test(query) || /[?&]type=script(?=&|$)/.test(query);
  return COMPONENT.test(file) && isScript ? { file, kind: 'component' } : null;
}
