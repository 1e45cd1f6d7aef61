// What a preload adds to the start of a program, in turns with starting it without one: until the program's first
// line, and until the process has ended.
//
//   node bench/start-up.mjs [--rounds 20]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = 500;

/** The texts of the preloads that are ours to write; SYNC: has this Node in-thread hooks that ttprof uses? */
const PRELOADS = {
  empty: '',
  'bare-hooks': `
    import * as m from 'node:module';
    const pass = 'export const load = (url, context, next) => next(url, context);';
    if (SYNC) m.registerHooks({ load: (url, context, next) => next(url, context) });
    else m.register('data:text/javascript,' + encodeURIComponent(pass));`,
  iitm: `
    import { register } from 'node:module';
    if (SYNC) (await import('IITM/register-hooks.mjs')).register();
    else register('IITM/hook.mjs');`,
};

/** ttprof as its package is installed, its dependencies beside it. */
function installPackage(modules) {
  for (const part of ['lib', 'package.json'])
    cpSync(join(ROOT, part), join(modules, 'ttprof', part), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

/** Two programs, one of a single module and one of 500, each with a measured function in an imported module. */
function writePrograms(folder, usesSyncHooks) {
  installPackage(join(folder, 'node_modules'));
  const module = (index) => `export const add${index} = (a, b) => a + b;\n`;
  for (let index = 0; index < MODULES; index++) writeFileSync(join(folder, `m${index}.mjs`), module(index));
  const first = `process.stdout.write(String(performance.now()));\n`;
  writeFileSync(join(folder, 'small.mjs'), `import { add0 } from './m0.mjs';\nadd0(1, 2);\n${first}`);
  const imports = Array.from(
    { length: MODULES },
    (_, index) => `import { add${index} } from './m${index}.mjs';`,
  );
  writeFileSync(join(folder, 'large.mjs'), `${imports.join('\n')}\nadd0(1, 2);\n${first}`);
  const iitm = pathToFileURL(dirname(createRequire(import.meta.url).resolve('import-in-the-middle'))).href;
  for (const [name, text] of Object.entries(PRELOADS)) {
    writeFileSync(
      join(folder, `${name}.mjs`),
      text.replaceAll('SYNC', String(usesSyncHooks)).replaceAll('IITM', iitm),
    );
  }
}

function variants(folder) {
  const preload = (url) => ['--import', url];
  const own = (name) => pathToFileURL(join(folder, `${name}.mjs`)).href;
  const resolve = (name) => pathToFileURL(createRequire(import.meta.url).resolve(name)).href;
  const ttprof = pathToFileURL(join(folder, 'node_modules/ttprof/lib/register.js')).href;
  const targets = (target) => ({ TTPROF: target, TTPROF_QUIET: '1' });
  return [
    { name: 'no preload', args: [], env: {} },
    { name: 'an empty preload', args: preload(own('empty')), env: {} },
    { name: 'bare hooks', args: preload(own('bare-hooks')), env: {} },
    { name: 'ttprof, nothing matches', args: preload(ttprof), env: targets('nothing.mjs:f') },
    { name: 'ttprof, warm', args: preload(ttprof), env: targets('m0.mjs:add0') },
    { name: 'ttprof, warm, and its table', args: preload(ttprof), env: { TTPROF: 'm0.mjs:add0' } },
    { name: 'ttprof, cold', args: preload(ttprof), env: { ...targets('m0.mjs:add0'), TTPROF_CACHE: '0' } },
    { name: 'tsx', args: preload(resolve('tsx')), env: {} },
    { name: 'import-in-the-middle', args: preload(own('iitm')), env: {} },
  ];
}

/** @returns rows of a table, and the figures: medians over rounds in which the variants take turns */
export function measureStartUp({ node = process.execPath, rounds = 20 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    writePrograms(folder, readSoundness(node));
    const programs = ['small.mjs', 'large.mjs'].map((program) => {
      const all = variants(folder);
      const samples = all.map(() => []);
      for (let round = 0; round <= rounds; round++) {
        for (const [index, { args, env }] of all.entries()) {
          const startMs = performance.now();
          const child = spawnSync(node, [...args, join(folder, program)], {
            cwd: folder,
            env: { ...process.env, NODE_OPTIONS: '', ...env },
            encoding: 'utf8',
          });
          const processMs = performance.now() - startMs;
          if (child.status !== 0) throw new Error(`${all[index].name}: ${child.stderr}`);
          if (round > 0) samples[index].push({ firstLineMs: Number(child.stdout), processMs }); // the first one fills caches
        }
      }
      const figures = all.map(({ name }, index) => ({
        name,
        firstLineMs: median(samples[index].map((sample) => sample.firstLineMs)),
        processMs: median(samples[index].map((sample) => sample.processMs)),
      }));
      return { program, figures };
    });
    return { title: 'Start-up', rows: toRows(programs), data: programs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does this Node have in-thread hooks that ttprof uses? The comparison is with the hooks of the same kind. */
function readSoundness(node) {
  const features = pathToFileURL(join(ROOT, 'dist/loader/hooks/node-features.js')).href;
  const script = `import(${JSON.stringify(features)}).then((m) => process.stdout.write(String(m.hasFeature(m.SOUND_SYNC_HOOKS))))`;
  return spawnSync(node, ['-e', script], { encoding: 'utf8' }).stdout === 'true';
}

function toRows(programs) {
  const header = [
    'preload',
    'to the first line',
    'added, of a bare start',
    'added, until the end',
    'added, of bare hooks',
    `with ${MODULES} modules`,
  ];
  const [small, large] = programs.map(({ figures }) => figures);
  const added = (figures, index) => figures[index].firstLineMs - figures[0].firstLineMs;
  const addedInAll = (index) => small[index].processMs - small[0].processMs;
  const bareHooks = small.findIndex(({ name }) => name === 'bare hooks');
  const rows = small.map(({ name, firstLineMs }, index) => [
    name,
    `${firstLineMs.toFixed(1)} ms`,
    index === 0 ? '' : `${((100 * added(small, index)) / small[0].firstLineMs).toFixed(0)} %`,
    index === 0 ? '' : `${addedInAll(index).toFixed(1)} ms`,
    index < bareHooks ? '' : `${(added(small, index) / added(small, bareHooks)).toFixed(2)} ×`,
    `${(large[index].firstLineMs / large[0].firstLineMs).toFixed(2)} ×`,
  ]);
  return [header, ...rows];
}

runAlone(import.meta.url, 'start-up', measureStartUp, 'rounds');
