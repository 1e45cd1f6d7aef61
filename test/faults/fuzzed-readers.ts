import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { type CachedModule, openCache } from '../../dist/loader/cache.js';
import { packageType } from '../../dist/loader/hooks/package-type.js';
import { attachMap } from '../../dist/loader/maps/map-comment.js';
import { readOriginals } from '../../dist/loader/maps/map-file.js';
import { rewrite } from '../../dist/loader/rewrite/rewrite.js';
import { createFilesOnDisk } from '../../dist/loader/targets/files-on-disk.js';
import { createModuleMatcher } from '../../dist/loader/targets/match-module.js';
import { mayBeMeant } from '../../dist/loader/targets/may-be-meant.js';
import { parseTarget } from '../../dist/loader/targets/target.js';
import { evaluate } from '../../dist/preload/compiled-code.js';
import { leaveSeen, readSeen } from '../../dist/preload/worker-facts.js';
import { buildReport } from '../../dist/report/build-report.js';
import { compareReport } from '../../dist/report/compare/compare.js';
import { decideGate } from '../../dist/report/compare/gate.js';
import { FORMATS } from '../../dist/report/formats/index.js';
import { toJson } from '../../dist/report/formats/json/json.js';
import { fromJson } from '../../dist/report/formats/json/read-json.js';
import { renderTable } from '../../dist/report/formats/table/table.js';
import { mergeRuns } from '../../dist/report/merge/merge-reports.js';
import { createSession, noteMeasuring, openSession, type Session } from '../../dist/session/session.js';
import { TtprofError } from '../../dist/shared/errors.js';
import { CONFIG, OPTIONS, recordFunction, recordSimpleRun } from '../report/recordings.js';
import { mutate, mutateJson } from '../shared/mutate.js';

/** One that reads files which ttprof itself, a tool or a person has written, and which may say anything. */
export interface FuzzedReader {
  readonly name: string;
  /** Reads one damaged input; throws where the reader does what it must not do. */
  readOne(random: () => number): void;
}

/** @param folder an empty one, for their files */
export function createReaders(folder: string): FuzzedReader[] {
  return [
    readCache(folder),
    readCompiledCode(folder),
    readRecordings(),
    readSession(),
    readWorkersFacts(folder),
    readSavedReports(),
    readSourceMaps(folder),
    readManifests(folder),
  ];
}

/** Removed when the process ends. */
function removedLater(session: Session): Session {
  process.once('exit', () => session.remove());
  return session;
}

const isLine = (text: string) => text !== '' && !/[\n\r]/.test(text);

/** What a reader of its own files makes of a damaged one: nothing, or all that was written. */
function assertWholeOrNothing(found: unknown, written: unknown, nothing: unknown): void {
  try {
    assert.deepEqual(found, nothing);
  } catch {
    assert.deepEqual(found, written);
  }
}

function readCache(folder: string): FuzzedReader {
  const cwd = join(folder, 'cache');
  const own = join(cwd, 'node_modules/.cache/ttprof');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const cache = openCache(cwd)!;
  const key = { file: '/x/a.js', format: 'module', maps: 'none', cwd: '/x', targets: '[["f",null]]' };
  const module: CachedModule = {
    code: 'rewritten\n{"not":"a header"}\u2028é\n',
    matched: { f: 1 },
    functions: [{ name: 'f', line: 1, column: 1, kind: 'sync', targets: ['f'], file: '/x/a.js' }],
    edits: [[0, 3]],
    notes: ['one'],
  };
  cache.write(key, 'source', module);
  const path = join(own, readdirSync(own)[0]!);
  const whole = readFileSync(path);
  return {
    name: 'rewritten modules',
    readOne(random) {
      writeFileSync(path, mutate(whole, random));
      assertWholeOrNothing(cache.read(key, 'source'), module, undefined);
    },
  };
}

function readCompiledCode(folder: string): FuzzedReader {
  const own = join(folder, 'compiled/node_modules/.cache/ttprof');
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const script = join(folder, 'compiled/node_modules/script.cjs');
  // as long as each other: V8 takes one's code for another's, which shows where the code came from
  const run = (word: string) => {
    writeFileSync(script, `(function (url, load, keep) { return [() => '${word}', keep]; })\n`);
    return evaluate<[() => string, () => void]>(pathToFileURL(script).href, async () => null);
  };
  // a text of its own each time: V8 also remembers what it has compiled in this process
  let runs = 0;
  const runOnce = () => {
    const word = (++runs).toString(36).padStart(4, '0');
    return { word, said: run(word)[0]() };
  };
  const [say, keep] = run('kept');
  say();
  keep();
  const path = join(own, readdirSync(own)[0]!);
  const whole = readFileSync(path);
  assert.equal(runOnce().said, 'kept', 'what is kept is used');
  return {
    name: 'compiled code',
    readOne(random) {
      const damaged = mutate(whole, random);
      writeFileSync(path, damaged);
      const { word, said } = runOnce();
      assert.equal(said, damaged.equals(whole) ? 'kept' : word);
    },
  };
}

function readRecordings(): FuzzedReader {
  const session = removedLater(createSession(null, '/'));
  const [recording] = recordSimpleRun(recordFunction('f', { durationNs: [1e6, 2e6, 3e6] })).processes;
  session.announce();
  noteMeasuring(session.folder);
  session.write(recording!);
  const name = readdirSync(session.folder).find((each) => each.endsWith('.recording'))!;
  const path = join(session.folder, name);
  const whole = readFileSync(path);
  return {
    name: 'recordings',
    readOne(random) {
      writeFileSync(path, mutate(whole, random));
      const found = session.readRecordings();
      assertWholeOrNothing(found, [recording], []);
      assert.equal(session.countLost(), 1 - found.length);
    },
  };
}

function readSession(): FuzzedReader {
  const written = { config: { ...CONFIG, targets: ['a:b', 'é'] }, cwd: '/code' };
  const { folder } = removedLater(createSession(written.config, written.cwd));
  const path = join(folder, 'session.json');
  const whole = readFileSync(path);
  return {
    name: 'configuration of a session',
    readOne(random) {
      writeFileSync(path, mutate(whole, random));
      let opened: ReturnType<typeof openSession>;
      try {
        opened = openSession(folder);
      } catch (error) {
        assert.ok(isLine((error as Error).message));
        return;
      }
      assert.deepEqual({ config: opened.config, cwd: opened.cwd }, written);
    },
  };
}

function readWorkersFacts(folder: string): FuzzedReader {
  const own = join(folder, 'facts');
  mkdirSync(own);
  const facts = { targets: [{ target: 'f', matched: 1, searched: [], resembling: [] }], notes: ['one'] };
  leaveSeen(own, facts);
  const [name] = readdirSync(own);
  const whole = readFileSync(join(own, name!));
  writeFileSync(join(own, `${name}0`), whole);
  return {
    name: 'what workers saw',
    readOne(random) {
      // written by this process itself, and cut short where it ends meanwhile
      writeFileSync(join(own, name!), whole.subarray(0, Math.floor(random() * whole.length)));
      assert.deepEqual(readSeen(own), [facts]);
    },
  };
}

function readSavedReports(): FuzzedReader {
  const file = '/code/src/lib.js';
  const drill = {
    intervalUs: 1000,
    samples: 6,
    nodes: [
      { name: 'f', file, line: 1, self: 2, total: 6, children: [1] },
      { name: 'inner', file, line: 3, self: 4, total: 4, hotLine: 4, children: [] },
    ],
  };
  const run = recordSimpleRun(
    recordFunction('f', { durationNs: [1e6, 2e6, 3e6] }, { drill }),
    recordFunction('g', { durationNs: [1e6, 1e6] }),
  );
  const config = { ...CONFIG, compare: true };
  const good = buildReport([run, run, run], { ...OPTIONS, config });
  const text = toJson(good);
  const use = (damaged: string) => {
    const report = fromJson(damaged, 'saved.json');
    const baseline = { kind: 'baseline', source: 'saved.json', report } as const;
    const made = [
      report,
      compareReport(report, { compare: true, baseline: null, marginPercent: 2 }),
      compareReport(good, { compare: false, baseline, marginPercent: 2 }),
      mergeRuns([
        { name: 'saved.json', report },
        { name: 'good.json', report: good },
      ]),
    ];
    for (const each of made) {
      decideGate(each, { failIfSlowerPercent: 5, strict: true });
      renderTable(each, { columns: 80, color: false });
    }
    for (const { render } of FORMATS) render(made[3]!, {});
  };
  use(text);
  return {
    name: 'saved reports',
    readOne(random) {
      const damaged =
        random() < 0.5 ? mutateJson(text, random) : mutate(Buffer.from(text), random).toString();
      try {
        use(damaged);
      } catch (error) {
        assert.ok(error instanceof TtprofError && isLine(error.message), error as Error);
      }
    },
  };
}

function readSourceMaps(folder: string): FuzzedReader {
  const cwd = join(folder, 'maps');
  mkdirSync(cwd);
  const file = join(cwd, 'a.js');
  const map = {
    version: 3,
    file: 'a.js',
    sourceRoot: '',
    sources: ['a.ts', 'webpack://app/./b.ts'],
    sourcesContent: ['function f() {\n  return 1 }\nfunction g() { return f() + 1 }', null],
    names: ['f', 'original'],
    mappings: 'AAAA,SAASA,IACP,QAAQ;ACDTC,SAASC,IAAI,OAAOD',
  };
  const sections = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] };
  const code = 'function f() { return 1 }\nfunction g() { return f() + 1 }\nglobalThis.result = g();';
  const target = parseTarget('a.js:*', { cwd });
  const matches = [{ target, originals: null }];
  const mapFile = join(cwd, 'a.js.map');
  const sourceWithFile = `${code}\n//# source${'MappingURL'}=a.js.map`;
  const matcher = createModuleMatcher([target], { cwd, entry: null, files: createFilesOnDisk() });
  return {
    name: 'source maps',
    readOne(random) {
      const text = JSON.stringify(random() < 0.5 ? map : sections);
      const damaged =
        random() < 0.6 ? Buffer.from(mutateJson(text, random)) : mutate(Buffer.from(text), random);
      writeFileSync(mapFile, damaged);
      const inline = attachMap(code, {}).replace(/base64,.*/, () => `base64,${damaged.toString('base64')}`);
      for (const source of [inline, sourceWithFile]) {
        matcher.matchCompiled(file, readOriginals(source, file));
        const result = rewrite(source, { file, format: 'commonjs', matches, maps: 'compose' })!;
        assert.equal(result.sites.length, 2);
        const context = vm.createContext({});
        vm.runInContext(result.code, context);
        assert.equal(context.result, 2);
      }
    },
  };
}

function readManifests(folder: string): FuzzedReader {
  const manifest = join(folder, 'packages/node_modules/one/package.json');
  mkdirSync(dirname(manifest), { recursive: true });
  const text = JSON.stringify({
    name: 'one',
    type: 'module',
    version: '1.0.0',
    exports: { '.': './index.js', './*': { import: ['./lib/*.js', null], default: './lib/*.cjs' } },
  });
  const file = join(dirname(manifest), 'lib/a.js');
  const cwd = join(folder, 'packages');
  const targets = ['one:f', 'one/a:f', 'ones:f'].map((target) => parseTarget(target, { cwd }));
  return {
    name: "packages' manifests",
    readOne(random) {
      writeFileSync(manifest, random() < 0.5 ? mutateJson(text, random) : mutate(Buffer.from(text), random));
      createModuleMatcher(targets, { cwd, entry: null, files: createFilesOnDisk() }).match(file);
      for (const { module } of targets) mayBeMeant(module, file, cwd);
      packageType(file);
    },
  };
}
