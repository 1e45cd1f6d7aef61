import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Streams } from '../../report/print.js';
import { reasonOf, TtprofError } from '../../shared/errors.js';
import { editConfig, linesFor, newConfig } from './edit-config.js';
import { type Plan, type ProjectFacts, planFor } from './plan.js';

/**
 * `ttprof init [--write]`: the lines that this project's configuration needs, and the command to run.
 * @returns the exit code: 1 where a configuration is to be edited that only a person can edit
 * @throws {TtprofError} where there is no project, or it cannot be read or written
 */
export function runInit(args: readonly string[], streams: Streams = process, cwd = process.cwd()): number {
  const unknown = args.find((arg) => arg !== '--write');
  if (unknown !== undefined)
    throw new TtprofError(`init takes --write alone, not ${JSON.stringify(unknown)}`);
  const writes = args.includes('--write');
  const { type, ...facts } = readFacts(cwd);
  let code = 0;
  for (const plan of planFor(facts)) {
    const { text, isDone } = describe(plan, cwd, type, writes);
    streams.stdout.write(text);
    if (!isDone) code = 1;
  }
  return code;
}

function describe(
  { tool, edit, command }: Plan,
  cwd: string,
  type: string,
  writes: boolean,
): { text: string; isDone: boolean } {
  const run = `  run: ${command}\n`;
  if (edit === null) return { text: `${tool}: nothing to configure\n${run}`, isDone: true };
  const { file, imported, isNew } = edit;
  const path = join(cwd, file);
  const before = isNew ? '' : readText(path);
  if (before.includes(imported)) return { text: `${tool}: ${file} has the plugin\n${run}`, isDone: true };
  const isCommonJs =
    /\bmodule\.exports\b/.test(before) ||
    file.endsWith('.cjs') ||
    (file.endsWith('.js') && type !== 'module' && !isNew && !/^\s*import\b/m.test(before));
  const lines = linesFor(imported, file, isCommonJs);
  const after = isNew ? newConfig(lines) : editConfig(before, lines);
  if (writes && after !== null) {
    write(path, after);
    return { text: `${tool}: ${isNew ? 'made' : 'added the plugin to'} ${file}\n${run}`, isDone: true };
  }
  const how = isNew ? `make ${file}` : `add to ${file}`;
  const added = isNew ? newConfig(lines) : `${lines.importLine}\n${lines.listName}: [ttprof(), …]\n`;
  const shown = added
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
  const why = writes ? ' (its shape is none that can be edited here)' : '';
  return { text: `${tool}: ${how}${why}\n${shown}\n${run}`, isDone: !writes };
}

interface Manifest {
  readonly type?: unknown;
  readonly scripts?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
}

function readFacts(cwd: string): ProjectFacts & { type: string } {
  const path = join(cwd, 'package.json');
  if (!existsSync(path))
    throw new TtprofError(`init: there is no package.json in ${cwd}: run it in a project's folder`);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readText(path));
  } catch (error) {
    throw new TtprofError(`init: cannot read ${path}: ${reasonOf(error)}`);
  }
  const objectOf = (value: unknown) => (typeof value === 'object' && value !== null ? value : {});
  return {
    dependencies: new Set(
      [manifest.dependencies, manifest.devDependencies].flatMap((one) => Object.keys(objectOf(one))),
    ),
    scripts: objectOf(manifest.scripts) as ProjectFacts['scripts'],
    files: readdirSync(cwd),
    hasSources: existsSync(join(cwd, 'src')),
    type: String(manifest.type ?? 'commonjs'),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TtprofError(`init: cannot read ${path}: ${reasonOf(error)}`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new TtprofError(`init: cannot write ${path}: ${reasonOf(error)}`);
  }
}
