import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiType } from '../config/options/option.js';
import { DEFAULT_MARGIN_PERCENT, OPTIONS, type Option } from '../config/options.js';
import { readReportFile } from '../report/files.js';
import type { Report } from '../report/model.js';
import type { OutputStream } from '../report/print.js';
import type { PeriodOptions } from '../runtime/read/period.js';
import { TtprofError } from '../shared/errors.js';
import { findNearNames } from '../shared/names/near-names.js';
import type { TextOutput, TprofOptions } from './types.js';

/** Checked options of one measurement, every path absolute. */
export interface RunSettings extends PeriodOptions {
  readonly label: string | null;
  readonly compare: boolean;
  readonly marginPercent: number;
  readonly quiet: boolean;
  readonly json: string | null;
  readonly markdown: string | null;
  readonly html: string | null;
  /** Where relative paths in targets start. */
  readonly targetFolder: string;
  /** Where canonical names start: the working directory when the measurement began. */
  readonly cwd: string;
  /** Read at once: a file that cannot be used is told of before anything runs. */
  readonly baseline: { readonly source: string; readonly report: Report } | null;
  readonly out: OutputStream;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';

/** What the value of an option must be, and how to say that. */
export type Rule = readonly [check: Check, expected: string];

const RULES: Record<Exclude<ApiType, 'number'>, Rule> = {
  path: [isText, 'a path'],
  text: [(value) => typeof value === 'string', 'a text'],
  boolean: [(value) => typeof value === 'boolean', 'true or false'],
};

/** Every option by its name here: the API's own, and those of the declaration that programs can set. */
const CHECKS = new Map<string, Rule>([
  ['from', [(value) => isText(value) || isText((value as URL | null)?.href), 'import.meta.url or a path']],
  ['out', [(value) => typeof (value as TextOutput | null)?.write === 'function', 'a writable stream']],
  ...OPTIONS.flatMap((option): [string, Rule][] => {
    if (option.api === undefined) return [];
    const { name, type } = option.api;
    return [[name, type === 'number' ? numberRule(option) : RULES[type]]];
  }),
]);

/** The command line's parser knows which numbers an option takes, and says so. */
function numberRule({ parse }: Option): Rule {
  const reject = (value: unknown): string | null => {
    try {
      parse(typeof value === 'number' ? String(value) : '');
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return [(value) => reject(value) === null, reject(null)!.replace(/^expected /, '')];
}

/**
 * @param options as the program gave them
 * @throws {TtprofError} naming the option and the value that cannot be used, or a baseline that cannot be read
 */
export function readSettings(options: TprofOptions): RunSettings {
  checkOptions('tprof', options, CHECKS);
  const cwd = process.cwd();
  const toPath = (path: string | undefined) => (path === undefined ? null : resolve(cwd, path));
  const { compare = false, baselinePath } = options;
  if (compare && baselinePath !== undefined)
    throw new TtprofError('tprof: `compare` and `baselinePath` exclude each other: compare with one of them');
  const baseline = toPath(baselinePath);
  return {
    label: options.label || null,
    compare,
    marginPercent: options.margin ?? DEFAULT_MARGIN_PERCENT,
    quiet: options.quiet ?? false,
    json: toPath(options.jsonPath),
    markdown: toPath(options.markdownPath),
    html: toPath(options.htmlPath),
    sample: options.sample ?? 1,
    cpu: options.cpu ?? false,
    raw: options.raw ?? false,
    targetFolder: options.from === undefined ? cwd : folderOf(options.from, cwd),
    cwd,
    baseline: baseline === null ? null : { source: baselinePath!, report: readReportFile(baseline) },
    out: toOutput(options.out),
  };
}

/**
 * @param caller what the program called
 * @throws {TtprofError} naming the option that there is none of, or the value that cannot be used
 */
export function checkOptions(caller: string, options: object, checks: ReadonlyMap<string, Rule>): void {
  if (typeof options !== 'object' || options === null)
    throw new TtprofError(`${caller}: options must be an object, not ${describe(options)}`);
  for (const [name, value] of Object.entries(options)) {
    const rule = checks.get(name);
    if (rule === undefined) {
      const [near] = findNearNames(name, [...checks.keys()]);
      throw new TtprofError(`${caller}: there is no option \`${name}\`${near ? `: \`${near}\`?` : ''}`);
    }
    const [check, expected] = rule;
    if (value !== undefined && !check(value))
      throw new TtprofError(`${caller}: option \`${name}\` must be ${expected}, not ${describe(value)}`);
  }
}

/** The folder of a module's URL or path. */
function folderOf(from: string | { readonly href: string }, cwd: string): string {
  const text = typeof from === 'string' ? from : from.href;
  if (!text.startsWith('file:')) {
    if (/^[a-z][a-z\d+.-]+:/i.test(text) && !isAbsolute(text))
      throw new TtprofError(
        `tprof: option \`from\` must be a file: give import.meta.url or a path, not ${text}`,
      );
    return dirname(resolve(cwd, text));
  }
  try {
    return dirname(fileURLToPath(text));
  } catch {
    throw new TtprofError(`tprof: option \`from\` is no path on this machine: ${text}`);
  }
}

/** Only the process's own streams are written to past their buffers: others may not be open yet, or transform. */
function toOutput(out: TextOutput | undefined): OutputStream {
  if (out === undefined) return process.stderr;
  if (out === process.stdout || out === process.stderr) return out as OutputStream;
  return {
    write: (text) => out.write(text),
    ...(out.isTTY !== undefined && { isTTY: out.isTTY }),
    ...(out.columns !== undefined && { columns: out.columns }),
  };
}

/** A value in an error message: short, on one line. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}
