// Is what bundlers build measured exactly? Builds a small TypeScript project with each of them, on each Node line that
// they support, and runs it below the `ttprof` command: counts, lines and kinds have to be those of the sources, builds
// without targets the same as without the plugin, and a build with other targets measures those although caches are warm.
//
//   node scripts/bundlers.mjs [filter …]      e.g. `webpack`, `24`
//
// The bundlers are installed from npm once, into a cache folder (BUNDLERS_FOLDER).
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installNodeLines } from './node-versions.mjs';
import { installTools, placePackage, root, runCases, withProject } from './tool-projects.mjs';

const PACKAGES = [
  ...[
    'vite@8',
    'rollup@4',
    'rolldown@1',
    'esbuild@0.28',
    'webpack@5',
    '@rspack/core@2',
    'typescript@5.9',
    'tslib@2',
  ],
  ...['rollup-plugin-esbuild@6', '@rollup/plugin-typescript@12', 'rollup-plugin-typescript2@0.37'],
  ...[
    'ts-loader@9',
    'swc-loader@0.2',
    '@swc/core@1',
    'babel-loader@10',
    '@babel/core@7',
    '@babel/preset-env@7',
  ],
  ...['@babel/preset-typescript@7', '@farmfe/core@1'],
];
const NAMES = [
  ...['vite', 'rollup-esbuild', 'rollup-typescript', 'rollup-typescript2', 'rolldown', 'esbuild'],
  ...['webpack-ts', 'webpack-swc', 'webpack-babel', 'rspack-swc', 'rspack-ts', 'farm'],
];
const PROJECT = {
  'package.json': '{ "name": "project", "type": "module", "private": true }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{
        target: 'ES2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        noUnusedLocals: true,
        noUnusedParameters: true,
        noImplicitReturns: true,
        exactOptionalPropertyTypes: true,
      },
      ...{ skipLibCheck: true, types: [], lib: ['ES2022', 'DOM'], sourceMap: true, outDir: 'out' },
    },
    include: ['src'],
  }),
  'src/lib.ts': `export enum Unit { One = 1 }
interface Shape { readonly size: number }

export function maths(n: number): number {
  return n ** Unit.One;
}
export async function wait(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms));
}
export class Counter {
  #n = 0;
  constructor(private readonly step: number = 1) {}
  add(shape?: Shape): number {
    return (this.#n += this.step * (shape?.size ?? 1));
  }
}
export function* count(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}
export async function rows(n: number) {
  await null;
  return Array.from({ length: n }, (_, id) => ({ id }));
}
export const tags = (n: number) => ['a', 'b'].map((tag) => ({ tag, n }));
`,
  // where `rows` or `tags` have another type than that of their code, this does not pass the checks
  'src/main.ts': `import { Counter, count, maths, rows, tags, wait } from './lib';
let sum = 0;
for (let i = 0; i < 7; i++) sum += maths(i);
const counter = new Counter();
counter.add();
sum += counter.add({ size: 2 }) + [...count(3)].length;
Promise.all([wait(1), wait(2)]).then(() => console.log(sum));
rows(2).then((all) => console.log(all.map((row) => row.id), tags(1).map((each) => each.tag)));
`,
};
/** One after the other, with warm caches. */
const ROUNDS = [
  { 'src/lib.ts:maths': '7 4 sync', 'src/lib.ts:wait': '2 7 async', 'src/lib.ts:rows': '1 20 async' },
  {
    'src/lib.ts:Counter.add': '2 13 sync',
    'src/lib.ts:count': '1 17 generator',
    'src/lib.ts:tags': '1 24 sync',
  },
];

const folder = installTools('ttprof-bundlers', process.env.BUNDLERS_FOLDER, PACKAGES);
placePackage(folder);
const files = {
  ...PROJECT,
  'build.mjs': readFileSync(join(root, 'scripts', 'bundlers', 'build.mjs'), 'utf8'),
};
await runCases(
  installNodeLines().flatMap(({ version, path }) =>
    NAMES.map((name) => ({
      title: `${name}, Node ${version}`,
      check: () => withProject(folder, files, (project) => check(project, name, path)),
    })),
  ),
);

/** @returns what is wrong, or null */
function check(project, name, node) {
  const run = (args, env = {}) => {
    const { TTPROF, NODE_OPTIONS, ...rest } = process.env;
    const ended = spawnSync(node, args, {
      cwd: project,
      env: { ...rest, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (ended.status !== 0) throw new Error(`${args.join(' ')}: ${ended.signal ?? ended.stderr.slice(-800)}`);
  };
  try {
    run(['build.mjs', name, 'plain']);
    const plain = readBuilt(project);
    run(['build.mjs', name]);
    if (readBuilt(project) !== plain) return 'without targets another text is built';
    for (const expected of ROUNDS) {
      const targets = Object.keys(expected);
      run(['build.mjs', name], { TTPROF: targets.join(' ') });
      const main = readdirSync(join(project, 'dist')).find((file) => /^main\.[cm]js$/.test(file));
      const flags = ['--quiet', '--json', 'report.json', ...targets.flatMap((target) => ['-t', target])];
      run([join(root, 'lib', 'cli.js'), ...flags, '--', node, `dist/${main}`]);
      const { functions } = JSON.parse(readFileSync(join(project, 'report.json'), 'utf8'));
      const found = Object.fromEntries(
        functions.map(({ name, calls, line, kind }) => [name, `${calls} ${line} ${kind}`]),
      );
      for (const target of targets)
        if (found[target] !== expected[target]) return `${target}: ${found[target]}, not ${expected[target]}`;
    }
    run(['build.mjs', name]);
    return readBuilt(project) === plain ? null : 'after targets, without them another text is built';
  } catch (error) {
    return error.message;
  }
}

function readBuilt(project) {
  const dist = join(project, 'dist');
  const files = readdirSync(dist, { recursive: true })
    .map(String)
    .filter((file) => /\.\w+$/.test(file));
  return files
    .sort()
    .map((file) => `${file}\0${readFileSync(join(dist, file), 'utf8')}`)
    .join('\0');
}
