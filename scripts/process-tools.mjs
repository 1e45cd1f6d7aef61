// Are the processes measured that tools of many kinds start? Runs small programs below the `ttprof` command and by the
// preload alone, on each Node line, where pools, runners, process managers and single executable applications start the
// processes; the counts have to be exact, and nothing may be said to be missing.
//
//   node scripts/process-tools.mjs [filter …]      e.g. `turbo`, `24`
//
// The tools are installed from npm once, into a cache folder (PROCESS_TOOLS_FOLDER).
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installNodeLines } from './node-versions.mjs';
import { installTools, placePackage, root, runCases, withProject } from './tool-projects.mjs';

const PACKAGES = [
  ...['tinypool@2', 'piscina@5', 'jest-worker@30', 'execa@9', 'concurrently@9', 'npm-run-all2@8'],
  ...['turbo@2', 'pm2@7', 'nodemon@3', 'postject@1.0.0-alpha.6'],
];
/** How often a child calls the function that is measured. */
const CALLS = 5;
const TIMEOUT_MS = 120_000;
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const POOL = (name, options) => `import { ${name} } from '${name.toLowerCase()}';
const pool = new ${name}({
  filename: new URL('./worker.mjs', import.meta.url).href, minThreads: 1, maxThreads: 1, ${options}
});
for (let i = 0; i < ${CALLS}; i++) await pool.run(i);
await pool.destroy();
`;
const FILES = {
  'package.json': JSON.stringify({
    ...{ name: 'project', private: true, packageManager: 'npm@10.9.0', workspaces: ['packages/*'] },
    scripts: { a: 'node child.cjs', b: 'node child.cjs' },
  }),
  'lib.cjs': 'exports.work = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i; return sum; };\n',
  'child.cjs': `const { work } = require('./lib.cjs');\nfor (let i = 0; i < ${CALLS}; i++) work(i);\n`,
  'worker.mjs': "import lib from './lib.cjs';\nexport default (n) => lib.work(n);\n",
  'tinypool.mjs': POOL('Tinypool', "runtime: 'child_process'"),
  'piscina.mjs': POOL('Piscina', ''),
  'jest-worker.cjs': `const { Worker } = require('jest-worker');
(async () => {
  for (const enableWorkerThreads of [false, true]) {
    const worker = new Worker(require.resolve('./lib.cjs'), { enableWorkerThreads, numWorkers: 1 });
    for (let i = 0; i < ${CALLS}; i++) await worker.work(i);
    await worker.end();
  }
})();
`,
  'execa.mjs': `import { execa, execaNode, execaSync } from 'execa';
const { PATH } = process.env;
await execaNode('child.cjs');
await execa(process.execPath, ['child.cjs'], { extendEnv: false });
execaSync('node', ['child.cjs'], { extendEnv: false, env: { PATH } });
`,
  Makefile: 'all:\n\tnode child.cjs\n\tnode child.cjs\n',
  'turbo.json': '{ "tasks": { "a": { "cache": false } } }',
  'package-lock.json': JSON.stringify({
    ...{ name: 'project', lockfileVersion: 3, requires: true },
    packages: {
      '': { name: 'project', workspaces: ['packages/*'] },
      'node_modules/app': { resolved: 'packages/app', link: true },
      'packages/app': {},
    },
  }),
  'packages/app/package.json': '{ "name": "app", "scripts": { "a": "node ../../child.cjs" } }',
  // ends by itself; pm2 sees to that only where something keeps it alive
  'server.cjs': "require('./child.cjs');\nsetTimeout(() => process.exit(), 1000);\n",
  'sea.js': "require('node:module').createRequire(process.cwd() + '/')('./child.cjs');\n",
  // asks nodemon to end once it has been started twice
  'watched.cjs': `const fs = require('node:fs');
require('./child.cjs');
const again = fs.existsSync('started');
fs.writeFileSync('started', '');
if (again) setTimeout(() => process.kill(process.ppid, 'SIGINT'), 500);
else setTimeout(() => fs.appendFileSync('lib.cjs', '// changed'), 1000);
setTimeout(() => {}, 5000);
`,
};

/** @type {{ name: string, run: string[], calls: number, alone?: boolean, prepare?: Function, finish?: Function }[]} */
const CASES = [
  { name: 'tinypool, processes', run: ['node', 'tinypool.mjs'], calls: CALLS, alone: true },
  { name: 'piscina', run: ['node', 'piscina.mjs'], calls: CALLS, alone: true },
  { name: 'jest-worker', run: ['node', 'jest-worker.cjs'], calls: 2 * CALLS, alone: true },
  { name: 'execa', run: ['node', 'execa.mjs'], calls: 3 * CALLS, alone: true },
  {
    name: 'concurrently',
    run: ['concurrently', 'node child.cjs', 'node child.cjs'],
    calls: 2 * CALLS,
    alone: true,
  },
  { name: 'npm-run-all2', run: ['run-p', 'a', 'b'], calls: 2 * CALLS, alone: true },
  { name: 'make', run: ['make'], calls: 2 * CALLS },
  { name: 'turbo, strict', run: ['turbo', 'run', 'a'], calls: CALLS, alone: true },
  {
    name: 'pm2, cluster',
    run: ['pm2', 'start', 'server.cjs', '-i', '2', '--no-daemon', '--no-autorestart'],
    calls: 2 * CALLS,
    finish: (start) => start(['pm2', 'kill']),
  },
  { name: 'nodemon', run: ['nodemon', '--quiet', '--watch', 'lib.cjs', 'watched.cjs'], calls: 2 * CALLS },
  { name: 'single executable application', prepare: makeApplication, run: ['./app'], calls: CALLS },
];

const folder = installTools('ttprof-process-tools', process.env.PROCESS_TOOLS_FOLDER, PACKAGES);
placePackage(folder);
await runCases(
  installNodeLines().flatMap((node) =>
    CASES.flatMap((one) =>
      (one.alone ? ['command', 'environment'] : ['command']).map((form) => ({
        title: `${one.name}, by the ${form}, Node ${node.version}`,
        check: () => withProject(folder, FILES, (project) => check(one, form, node, project)),
      })),
    ),
  ),
);

/** @returns what is wrong, or null */
function check({ run, calls, prepare, finish }, form, node, project) {
  const { NODE_OPTIONS, TTPROF, ...inherited } = process.env;
  const PATH = [dirname(node.path), join(folder, 'node_modules', '.bin'), inherited.PATH].join(delimiter);
  const plain = { ...inherited, PATH, PM2_HOME: join(project, 'pm2'), TURBO_TELEMETRY_DISABLED: '1' };
  const start = ([command, ...args], env = {}) =>
    spawnSync(command, args, {
      ...{ cwd: project, env: { ...plain, ...env }, encoding: 'utf8', timeout: TIMEOUT_MS },
    });
  prepare?.(start, node, project);
  const report = join(project, 'report.json');
  const { stdout, stderr } =
    form === 'command'
      ? start(['node', join(root, 'lib', 'cli.js'), '-t', 'lib.cjs:work', '--json', report, '--', ...run])
      : start(run, {
          ...{ TTPROF: 'lib.cjs:work', TTPROF_JSON: report, NODE_OPTIONS: '--import ttprof/register' },
        });
  finish?.(start);
  if (!existsSync(report)) return `no report: ${(stdout + stderr).slice(-800)}`;
  const { functions, notes } = JSON.parse(readFileSync(report, 'utf8'));
  const found = functions.map((one) => one.calls);
  if (String(found) !== String(calls)) return `${calls} calls expected, got [${found}] ${notes}`;
  return notes.find((note) => note.includes('without ttprof')) ?? null;
}

/** Node with the program in it: from Node 26 on Node makes it, before it is injected into a copy. */
function makeApplication(start, { line, path }, project) {
  const isMadeByNode = Number(line) >= 26;
  const output = isMadeByNode ? { output: 'app', executable: path } : { output: 'app.blob' };
  const configuration = { main: 'sea.js', disableExperimentalSEAWarning: true, ...output };
  writeFileSync(join(project, 'sea.json'), JSON.stringify(configuration));
  start(['node', isMadeByNode ? '--build-sea' : '--experimental-sea-config', 'sea.json']);
  if (isMadeByNode) return;
  copyFileSync(path, join(project, 'app'));
  start(['postject', 'app', 'NODE_SEA_BLOB', 'app.blob', '--sentinel-fuse', FUSE]);
}
