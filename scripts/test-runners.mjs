// Do test runners and launchers need anything special? Runs small ESM and TypeScript projects under each of them, on each
// supported Node line, below the `ttprof` command and, where the runner's own process runs the preload, by environment
// alone; the counts must be exact.
//
//   node scripts/test-runners.mjs [filter …]      e.g. `mocha`, `24`
//
// The runners are installed from npm once, into a cache folder (TEST_RUNNERS_FOLDER).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installNodeLines } from './node-versions.mjs';
import { installTools, placePackage, root, runCases, withProject } from './tool-projects.mjs';

const command = join(root, 'dist', 'cli.js');
const preload = pathToFileURL(join(root, 'dist', 'register.js')).href;
/** The last major versions that run on every supported Node line. */
const RUNNERS = [
  ...['mocha@11', 'ava@6', 'tsx@4', 'pnpm@10', '@yarnpkg/cli-dist@4', 'vitest@5', 'jest@30'],
  '@babel/plugin-transform-modules-commonjs@7',
];
const CALLS_PER_TEST_FILE = 7;

/**
 * `calls`: how many times the functions are called as often as a test file does it; `countedIn`: a file of the project
 * that says how often they were, where that is not known before; `says`: what has to be in its output.
 * `environment`: it works by environment variables alone, too; `prepare`: to be run in the project before; `since`: the
 * first Node line that the runner takes.
 */
const CASES = [
  {
    name: 'node --test',
    project: 'esm',
    command: ['node', '--test', 'test/a.test.js', 'test/b.test.js'],
    calls: 2,
  },
  {
    name: 'node --test',
    project: 'typescript',
    command: ['node', '--import', 'tsx', '--test', 'test/a.test.ts', 'test/b.test.ts'],
    calls: 2,
  },
  { name: 'mocha', project: 'esm', command: ['mocha', 'test/*.mocha.js'], calls: 2, environment: true },
  {
    name: 'mocha',
    project: 'typescript',
    command: ['mocha', '--import=tsx', 'test/*.mocha.ts'],
    calls: 2,
    environment: true,
  },
  {
    name: 'mocha --parallel',
    project: 'esm',
    command: ['mocha', '--parallel', 'test/*.mocha.js'],
    calls: 2,
    environment: true,
  },
  { name: 'ava', project: 'esm', command: ['ava', 'test/*.ava.js'], calls: 2, environment: true },
  { name: 'ava', project: 'typescript', command: ['ava', 'test/*.ava.ts'], calls: 2, environment: true },
  ...['forks', 'threads', 'vmThreads', 'vmForks'].map((pool) => ({
    name: `vitest --pool=${pool}`,
    project: pool === 'forks' ? 'esm' : 'typescript',
    command: ['vitest', 'run', 'vitest.spec', `--pool=${pool}`],
    calls: 2,
    environment: true,
    since: 22,
  })),
  {
    name: 'vitest bench, ttprof/vitest-bench',
    project: 'esm',
    command: ['vitest', 'bench', '--run', '--config', 'bench.config.js'],
    countedIn: 'calls.txt',
    says: /benchmark +loops .*\n once .* -\n many .* slower\n/,
    environment: true,
    since: 22,
  },
  { name: 'jest', project: 'esm', command: ['jest', 'jest.spec'], calls: 2, environment: true },
  {
    name: 'jest --preset',
    project: 'esm',
    command: ['jest', 'jest.spec', '--preset', 'ttprof/jest'],
    calls: 2,
    environment: true,
  },
  { name: 'tsx', project: 'typescript', command: ['tsx', 'app.ts'], calls: 1, environment: true },
  { name: 'npm test', project: 'esm', command: ['npm', 'test'], calls: 2, environment: true },
  { name: 'npm test', project: 'typescript', command: ['npm', 'test'], calls: 2, environment: true },
  { name: 'pnpm test', project: 'esm', command: ['pnpm', 'test'], calls: 2, environment: true },
  { name: 'pnpm test', project: 'typescript', command: ['pnpm', 'test'], calls: 2, environment: true },
  {
    name: 'yarn test',
    project: 'esm',
    command: ['yarn', 'test'],
    calls: 2,
    environment: true,
    prepare: ['yarn', 'install'],
  },
  {
    name: 'yarn test',
    project: 'typescript',
    command: ['yarn', 'test'],
    calls: 2,
    environment: true,
    prepare: ['yarn', 'install'],
  },
];

const runners = installTools('ttprof-runners', process.env.TEST_RUNNERS_FOLDER, RUNNERS);
const nodes = installNodeLines();
await runCases(
  CASES.flatMap((one) =>
    nodes
      .filter(({ line }) => Number(line) >= (one.since ?? 0))
      .flatMap((node) =>
        ['command', ...(one.environment ? ['environment'] : [])].map((way) => ({
          title: `${one.name}, ${one.project}, Node ${node.version}, by ${way}`,
          check: () =>
            withProject(runners, listFiles(one.project), (folder) => check(folder, one, node.path, way)),
        })),
      ),
  ),
);

/** @returns what is wrong, or null */
function check(folder, one, nodePath, way) {
  placePackage(folder);
  const target = `src/lib.${extensionOf(one.project)}:maths`;
  const report = join(folder, 'report.json');
  const env = cleanEnvironment(nodePath);
  if (one.prepare) run(one.prepare, folder, env);
  const ended =
    way === 'command'
      ? run(['node', command, '-t', target, '--quiet', '--json', report, '--', ...one.command], folder, env)
      : run(one.command, folder, {
          ...env,
          TTPROF: target,
          TTPROF_QUIET: '1',
          TTPROF_JSON: report,
          NODE_OPTIONS: `--import ${preload}`,
        });
  if (ended.status !== 0) return `exit code ${ended.status}\n${tail(ended.stdout)}\n${tail(ended.stderr)}`;
  if (one.says !== undefined && !one.says.test(ended.stdout)) return `it says\n${tail(ended.stdout)}`;
  if (!existsSync(report)) return `no report\n${tail(ended.stderr)}`;
  const { functions } = JSON.parse(readFileSync(report, 'utf8'));
  const expected =
    one.countedIn === undefined
      ? one.calls * CALLS_PER_TEST_FILE
      : Number(readFileSync(join(folder, one.countedIn), 'utf8'));
  const calls = functions.find(({ name }) => name === target)?.calls;
  return calls === expected && functions.length === 1
    ? null
    : `${expected} calls expected, got ${JSON.stringify(functions.map(({ name, calls }) => [name, calls]))}`;
}

function run(args, cwd, env) {
  const [file, ...rest] = args;
  return spawnSync(file, rest, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
    shell: process.platform === 'win32',
  });
}

function tail(text) {
  return text.split('\n').slice(-12).join('\n');
}

/** The runners and the wanted Node come first; what configures this process does not reach them. */
function cleanEnvironment(nodePath) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:NODE_OPTIONS|TTPROF\w*|npm_\w+|INIT_CWD)$/i.test(name),
    ),
  );
  const path = [dirname(nodePath), join(runners, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return { ...env, PATH: path, YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', CI: '1' };
}

function extensionOf(kind) {
  return kind === 'typescript' ? 'ts' : 'js';
}

/** @returns the project's files: their texts by their paths */
function listFiles(kind) {
  const isTyped = kind === 'typescript';
  const extension = extensionOf(kind);
  const type = isTyped ? ': number' : '';
  const calls = `for (let i${type} = 0; i < ${CALLS_PER_TEST_FILE}; i++) maths(i);`;
  const importLib = `import { maths } from '../src/lib.${extension}';\n`;
  const tests = ['a', 'b'].flatMap((name) => [
    [
      `test/${name}.test.${extension}`,
      `${importLib}import { test } from 'node:test';\ntest('${name}', () => { ${calls} });\n`,
    ],
    [`test/${name}.mocha.${extension}`, `${importLib}it('${name}', () => { ${calls} });\n`],
    [
      `test/${name}.ava.${extension}`,
      `${importLib}import test from 'ava';\ntest('${name}', (t) => { ${calls} t.pass(); });\n`,
    ],
    [
      `test/${name}.vitest.spec.${extension}`,
      `${importLib}import { test } from 'vitest';\ntest('${name}', () => { ${calls} });\n`,
    ],
    [`test/${name}.jest.spec.${extension}`, `${importLib}test('${name}', () => { ${calls} });\n`],
  ]);
  const files = `test/a.test.${extension} test/b.test.${extension}`;
  return {
    [`src/lib.${extension}`]: `${isTyped ? 'export enum Unit { One = 1 }\n' : ''}export function maths(n${type})${type} {\n  return n ** 2;\n}\n`,
    ...Object.fromEntries(tests),
    'bench.config.js': "export default { test: { benchmark: { provider: 'ttprof/vitest-bench' } } };\n",
    [`test/maths.bench.${extension}`]: `${importLib}import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
test('maths', async ({ bench }) => {
  let calls = 0;
  const call = (times${type}) => { for (let i = 0; i < times; i++) { calls++; maths(i); } };
  await bench.compare(bench('once', () => call(1)), bench('many', () => call(50)));
  writeFileSync('calls.txt', String(calls));
});
`,
    'babel.config.json': '{ "plugins": ["@babel/plugin-transform-modules-commonjs"] }',
    [`app.${extension}`]: `import { maths } from './src/lib.${extension}';\n${calls}\n`,
    'package.json': JSON.stringify({
      name: 'project',
      type: 'module',
      private: true,
      scripts: { test: isTyped ? `node --import tsx --test ${files}` : `node --test ${files}` },
      ...(isTyped && {
        ava: { workerThreads: false, extensions: { ts: 'module' }, nodeArguments: ['--import=tsx'] },
      }),
    }),
    'yarn.lock': '', // a project of its own, whatever folder it is in
    '.yarnrc.yml': 'nodeLinker: node-modules\nenableGlobalCache: true\n',
  };
}
