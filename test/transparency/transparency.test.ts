import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cleanEnvironment } from '../clean-environment.js';
import { endInTime } from '../run-to-end.js';
import { makeFolder } from '../temporary-folder.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const forms = join(root, 'test', 'fixtures', 'forms');
const register = pathToFileURL(join(root, 'dist', 'register.js')).href;
const scratch = makeFolder();

interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

function run(flags: readonly string[], file: string, env: NodeJS.ProcessEnv): Promise<Ending> {
  const child = spawn(process.execPath, [...flags, file], {
    cwd: forms,
    env: {
      ...cleanEnvironment(),
      ...env,
    },
  });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ ...texts, code, signal }));
  });
  return endInTime(child, ended, texts);
}

/** Columns of the lines that were rewritten move; those lines are named in stack traces and nowhere else. */
function withoutColumns({ stderr, ...rest }: Ending): Ending {
  return { ...rest, stderr: stderr.replace(/^(\s+at .*:\d+):\d+(\)?)$/gm, '$1$2') };
}

interface Fixture {
  readonly file: string;
  /** How many functions of it must have been called and measured. */
  readonly measured: number;
  readonly code?: number;
  readonly flags?: readonly string[];
  readonly skip?: string | false;
}

const major = Number(process.versions.node.split('.')[0]);
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

const fixtures: readonly Fixture[] = [
  { file: 'sloppy.cjs', measured: 70 },
  { file: 'replaced-builtins.cjs', measured: 6 },
  { file: 'classes.mjs', measured: 40 },
  { file: 'async-order.mjs', measured: 40 },
  { file: 'generators.mjs', measured: 35 },
  { file: 'messages.mjs', measured: 22 },
  { file: 'returned-functions.cjs', measured: 21 },
  { file: 'hoisted-a.mjs', measured: 1 },
  { file: 'serialised.cjs', measured: 1 },
  { file: 'uncaught-sync.mjs', measured: 2, code: 1 },
  { file: 'uncaught-async.mjs', measured: 2, code: 1 },
  { file: 'exits.cjs', measured: 1, code: 7 },
  { file: 'crlf.cjs', measured: 2 },
  { file: 'bom.mjs', measured: 1 },
  { file: 'typescript.ts', measured: 10, skip: !stripsTypes && 'this Node does not strip types' },
  { file: 'using.mjs', measured: 10, skip: major < 24 && 'this Node has no `using`' },
];

describe('programs behave the same with all of their functions measured', { concurrency: 2 }, () => {
  for (const { file, measured, code = 0, flags = [], skip = false } of fixtures) {
    it(file, { skip }, async () => {
      const json = join(scratch, `${file}.json`);
      const env = { TTPROF: '*:*', TTPROF_QUIET: '1', TTPROF_CACHE: '0', TTPROF_JSON: json };
      const [plain, rewritten] = await Promise.all([
        run(['--no-warnings', ...flags], file, {}),
        run(['--no-warnings', '--import', register, ...flags], file, env),
      ]);
      assert.deepEqual(withoutColumns(rewritten), withoutColumns(plain));
      assert.equal(plain.code, code, plain.stderr);
      const { functions } = JSON.parse(readFileSync(json, 'utf8')) as {
        functions: { calls: number; unfinished: number }[];
      };
      const called = functions.filter(({ calls, unfinished }) => calls + unfinished > 0).length;
      assert.ok(called >= measured, `${called} functions were measured`);
    });
  }
});
