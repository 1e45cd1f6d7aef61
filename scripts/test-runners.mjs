// Do test runners and launchers need anything special? Runs small ESM and TypeScript projects under each of them, on each
// supported Node line, below the `ttprof` command and, where the runner's own process runs the preload, by environment
// alone; the counts must be exact.
//
//   node scripts/test-runners.mjs [filter …]      e.g. `mocha`, `24`
//
// The runners are installed from npm once, into a cache folder (TEST_RUNNERS_FOLDER).
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installPackages } from './install-packages.mjs';
import { installNodeLines } from './node-versions.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const command = join(root, 'dist', 'cli.js');
const preload = pathToFileURL(join(root, 'dist', 'register.js')).href;
/** The last major versions that run on every supported Node line. */
const RUNNERS = {
  mocha: '11',
  ava: '6',
  tsx: '4',
  pnpm: '10',
  '@yarnpkg/cli-dist': '4',
  vitest: '5',
  jest: '30',
  '@babel/plugin-transform-modules-commonjs': '7',
};
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

const runners = installRunners();
const nodes = installNodeLines();
const filters = process.argv.slice(2);
let failed = 0;
for (const one of CASES) {
  for (const node of nodes) {
    const title = `${one.name}, ${one.project}, Node ${node.version}`;
    if (!filters.every((filter) => title.includes(filter)) || Number(node.line) < (one.since ?? 0)) continue;
    for (const way of ['command', ...(one.environment ? ['environment'] : [])]) {
      const problem = check(one, node.path, way);
      if (problem === null) console.log(`ok    ${title}, by ${way}`);
      else {
        failed++;
        console.log(`FAIL  ${title}, by ${way}: ${problem}`);
      }
    }
  }
}
console.log(failed === 0 ? 'all counts are exact' : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** @returns what is wrong, or null */
function check(one, nodePath, way) {
  // in the runners' folder, where their packages are found
  const folder = mkdtempSync(join(runners, 'project-'));
  try {
    const target = makeProject(folder, one.project);
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

/** @returns the target whose calls are counted */
function makeProject(folder, kind) {
  const isTyped = kind === 'typescript';
  const [extension, type] = isTyped ? ['ts', ': number'] : ['js', ''];
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const calls = `for (let i${type} = 0; i < ${CALLS_PER_TEST_FILE}; i++) maths(i);`;
  write(
    `src/lib.${extension}`,
    `${isTyped ? 'export enum Unit { One = 1 }\n' : ''}export function maths(n${type})${type} {\n  return n ** 2;\n}\n`,
  );
  const importLib = `import { maths } from '../src/lib.${extension}';\n`;
  for (const name of ['a', 'b']) {
    write(
      `test/${name}.test.${extension}`,
      `${importLib}import { test } from 'node:test';\ntest('${name}', () => { ${calls} });\n`,
    );
    write(`test/${name}.mocha.${extension}`, `${importLib}it('${name}', () => { ${calls} });\n`);
    write(
      `test/${name}.ava.${extension}`,
      `${importLib}import test from 'ava';\ntest('${name}', (t) => { ${calls} t.pass(); });\n`,
    );
    write(
      `test/${name}.vitest.spec.${extension}`,
      `${importLib}import { test } from 'vitest';\ntest('${name}', () => { ${calls} });\n`,
    );
    write(`test/${name}.jest.spec.${extension}`, `${importLib}test('${name}', () => { ${calls} });\n`);
  }
  write('bench.config.js', "export default { test: { benchmark: { provider: 'ttprof/vitest-bench' } } };\n");
  write(
    `test/maths.bench.${extension}`,
    `${importLib}import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
test('maths', async ({ bench }) => {
  let calls = 0;
  const call = (times${type}) => { for (let i = 0; i < times; i++) { calls++; maths(i); } };
  await bench.compare(bench('once', () => call(1)), bench('many', () => call(50)));
  writeFileSync('calls.txt', String(calls));
});
`,
  );
  write('babel.config.json', '{ "plugins": ["@babel/plugin-transform-modules-commonjs"] }');
  // not a link to the repository: what is not in `node_modules`, Jest compiles
  const installed = join(folder, 'node_modules', 'ttprof');
  cpSync(join(root, 'lib'), join(installed, 'lib'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'), 'junction');
  write(`app.${extension}`, `import { maths } from './src/lib.${extension}';\n${calls}\n`);
  const files = `test/a.test.${extension} test/b.test.${extension}`;
  write(
    'package.json',
    JSON.stringify({
      name: 'project',
      type: 'module',
      private: true,
      scripts: { test: isTyped ? `node --import tsx --test ${files}` : `node --test ${files}` },
      ...(isTyped && {
        ava: { workerThreads: false, extensions: { ts: 'module' }, nodeArguments: ['--import=tsx'] },
      }),
    }),
  );
  write('yarn.lock', ''); // a project of its own, whatever folder it is in
  write('.yarnrc.yml', 'nodeLinker: node-modules\nenableGlobalCache: true\n');
  return `src/lib.${extension}:maths`;
}

/** @returns the folder in whose node_modules they are */
function installRunners() {
  const folder = process.env.TEST_RUNNERS_FOLDER ?? join(homedir(), '.cache', 'ttprof-runners');
  const installed = join(folder, '.installed');
  const wanted = JSON.stringify(RUNNERS);
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return folder;
  installPackages(
    folder,
    Object.entries(RUNNERS).map(([name, version]) => `${name}@${version}`),
  );
  writeFileSync(installed, wanted);
  return folder;
}
