import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TtprofError } from '../shared/errors.js';
import { findMapUrl } from './maps/map-comment.js';
import { readSourceMap } from './maps/source-map.js';
import type { SourceMapV3 } from './maps/source-map-v3.js';
import { rewrite } from './rewrite/rewrite.js';
import type { SourceFormat } from './source-format.js';
import { createModuleMatcher } from './targets/match-module.js';
import { FILES_BY_NAME } from './targets/module-files.js';
import { parseTarget } from './targets/target.js';

const SOURCE_FORMATS: readonly SourceFormat[] = [
  'module',
  'commonjs',
  'script',
  'module-typescript',
  'commonjs-typescript',
];

export interface InstrumentOptions {
  /** Absolute path or `file:` URL of the module: its functions' names in the report come from it. */
  readonly filename: string;
  /** As on the command line; one without a module part means this file. */
  readonly targets: readonly string[];
  /** What relative targets are relative to; the process's working directory by default. */
  readonly cwd?: string;
  /** By default told from the file's name, then from the syntax. */
  readonly format?: SourceFormat;
  /** Whether a map is wanted, composed with the source's own inline map; true by default. */
  readonly sourceMap?: boolean;
}

/** A function that is measured; line and column are 1-based, of the original source where a map is known. */
export interface InstrumentedFunction {
  name: string;
  line: number;
  column: number;
  kind: string;
}

export interface InstrumentResult {
  code: string;
  map: SourceMapV3 | null;
  functions: InstrumentedFunction[];
}

/**
 * Rewrites one module's source so that the functions which the targets name are measured: for bundler plugins and
 * test runners that do not use Node's loader. It needs nothing but its arguments, and adds or removes no line. The
 * code that comes out finds ttprof through a property of `globalThis` that `ttprof/register` sets, and runs unmeasured
 * where that is missing.
 *
 * @returns null where no target names a function of this module
 * @throws {TtprofError} where the source cannot be parsed, or a target or option is wrong
 */
export function instrument(source: string, options: InstrumentOptions): InstrumentResult | null {
  checkArguments(source, options);
  const cwd = resolve(options.cwd ?? '.');
  const file = options.filename.startsWith('file:')
    ? fileURLToPath(options.filename)
    : resolve(cwd, options.filename);
  const targets = options.targets.map((text) => parseTarget(text, { cwd }));
  const matcher = createModuleMatcher(targets, { cwd, entry: file, files: FILES_BY_NAME });
  // a map in a file is not among the arguments
  const originalMap = findMapUrl(source)?.startsWith('data:')
    ? readSourceMap(source, file, (path) => resolve(cwd, path))
    : null;
  const matches = matcher.matchCompiled(file, originalMap?.sources ?? []);
  if (matches.length === 0) return null;
  const maps = (options.sourceMap ?? true) ? 'compose' : 'none';
  const result = rewrite(source, { file, format: options.format, matches, maps, originalMap });
  if (result === null || result.sites.length === 0) return null;
  return {
    code: result.code,
    map: result.map,
    functions: result.sites.map(({ name, line, column, kind }) => ({ name, line, column, kind })),
  };
}

/** Plugins are mostly written without types. */
function checkArguments(source: unknown, options: Partial<Record<keyof InstrumentOptions, unknown>>): void {
  const { filename, targets, format } = options ?? {};
  const isText = (value: unknown) => typeof value === 'string';
  const check = (isRight: boolean, what: string): void => {
    if (!isRight) throw new TtprofError(`instrument: ${what}`);
  };
  check(isText(source), 'the source must be a text');
  check(isText(filename) && filename !== '', '`filename` must be the path or `file:` URL of the module');
  check(Array.isArray(targets) && targets.every(isText), "`targets` must be a list of texts such as 'maths'");
  check(
    format === undefined || SOURCE_FORMATS.includes(format as SourceFormat),
    `\`format\` must be one of ${SOURCE_FORMATS.join(', ')}`,
  );
}
