// Bundles dist/ into lib/, which is what the package holds. A preload runs before every program and in every worker:
// Node takes about a third of a millisecond to load one module, and ours has seventy (`npm run bench` shows the start).
//
// What is loaded later stays apart: each file that is named in an `import('…')` or a `new URL('…', import.meta.url)`
// becomes an entry at its own path, sharing code and state with the others in chunks.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { findDeclarations, findEntries, findStaticClosure, PUBLIC_ENTRIES } from './bundle/entries.mjs';
import { inspect, OPTIONS, placeInOneFolder, takeIn } from './bundle/esbuild.mjs';

/** As esbuild writes it: `* as all`, `single`, `{ named, list }` or the last two. */
const BUILTIN_IMPORT = /^import (?:\* as (\w+)|(\w+)?(?:, )?(?:\{([^}]*)\})?) from "(node:[\w/]+)";\n/gm;

/**
 * Packages that are bundled into ours, with those that they import. They are ES modules, which Node 20 cannot `require`
 * from the zip files in which Yarn's Plug'n'Play keeps packages. (All other packages are CommonJS.)
 */
const BUNDLED = ['magic-string', '@jridgewell/sourcemap-codec'];

/**
 * What is loaded later and becomes a script, like the preload: a program waits for it as it starts or ends, and loading a
 * module takes Node longer than evaluating a script with compiled code.
 */
const SCRIPTS = ['preload/drill/inside.js', 'preload/reporting.js'];

/** @param dist absolute path of what tsc wrote @param lib absolute path of what is to be written */
export async function bundle(dist, lib) {
  const sources = Object.keys((await inspect(PUBLIC_ENTRIES.map((name) => join(dist, name)))).inputs);
  const entries = findEntries(
    dist,
    sources.map((path) => resolve(path)),
  );
  const preload = findStaticClosure(join(dist, 'register.js'), await inspect([join(dist, 'register.js')]));
  rmSync(lib, { recursive: true, force: true });
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    write: false,
    metafile: true,
    entryPoints: Object.fromEntries(entries.map((path) => [flatName(dist, path), path])),
    outdir: lib,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    logLevel: 'warning',
    plugins: [placeInOneFolder(dist, entries, preload), takeIn(BUNDLED)],
  });
  mkdirSync(lib);
  const buildId = hash(outputFiles.map(({ text }) => text).join());
  const chunk = outputFiles.find(({ path }) => isPreload(path, metafile));
  const scripts = await writeScripts(dist, lib, outputFiles, chunk);
  const { exported, loading } = await writePreload(dist, chunk, buildId, scripts);
  for (const { path, text } of outputFiles) {
    if (scripts.some(({ module }) => path === module)) continue;
    if (path === chunk.path) writeFileSync(path, `export const { ${exported} } = ${loading};\n`);
    else if (path === join(lib, 'register.js')) writeFileSync(path, loadWithin(text, path, chunk, loading));
    else writeFileSync(path, takeBuiltinsDirectly(text));
  }
  writeFileSync(join(lib, 'THIRD-PARTY-LICENSES.txt'), collectLicenses(BUNDLED, dist));
  for (const path of entries) if (!isScript(dist, path)) writeStub(dist, lib, path);
  for (const path of findDeclarations(dist)) copy(dist, lib, path);
  for (const path of listFiles(dist)) if (isAsset(path)) copy(dist, lib, path);
}

/**
 * Replaces imports of built-in modules by `process.getBuiltinModule`. For an import Node makes a module of all their
 * exports: that took three milliseconds, a fifth of what the preload adds to a start.
 */
function takeBuiltinsDirectly(text) {
  const taken = [];
  const rest = text.replace(BUILTIN_IMPORT, (_, all, single, named, name) => {
    const module = `process.getBuiltinModule(${JSON.stringify(name)})`;
    if (all ?? single) taken.push(`const ${all ?? single} = ${module};`);
    if (named) taken.push(`const {${named.replace(/(\w+) as (\w+)/g, '$1: $2')}} = ${module};`);
    return '';
  });
  return rest.replace(/^(#!.*\n)?/, (hashbang) => hashbang + taken.map((line) => `${line}\n`).join(''));
}

/** Is this the chunk that the preload's modules became? */
function isPreload(path, { outputs }) {
  const [, { inputs }] = Object.entries(outputs).find(([name]) => resolve(name) === path);
  return Object.keys(inputs).some((name) =>
    resolve(name).endsWith(join('dist', 'preload', 'process-end.js')),
  );
}

function isScript(dist, path) {
  return SCRIPTS.includes(relative(dist, path).replaceAll(sep, '/'));
}

/**
 * Writes each of {@link SCRIPTS} with all that it imports, except for the preload's chunk, whose exports are passed to it
 * as a parameter.
 * @returns for each its module, in `dist` and in `lib`, and the name of the script
 */
async function writeScripts(dist, lib, outputs, chunk) {
  const texts = new Map(outputs.map(({ path, text }) => [path, text]));
  const inMemory = {
    name: 'in-memory',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, importer }) => {
        const found = resolve(importer === '' ? lib : dirname(importer), path);
        return found === chunk.path ? { path: found, external: true } : { path: found, namespace: 'output' };
      });
      onLoad({ filter: /.*/, namespace: 'output' }, ({ path }) => ({
        contents: texts.get(path),
        loader: 'js',
      }));
    },
  };
  return Promise.all(
    SCRIPTS.map(async (entry) => {
      const name = flatName(dist, join(dist, entry));
      const { outputFiles } = await build({
        ...OPTIONS,
        write: false,
        entryPoints: [`./${name}.js`],
        plugins: [inMemory],
      });
      // its comments tell where this is built
      const text = takeBuiltinsDirectly(outputFiles[0].text.replace(/^\/\/ output:.*\n/gm, ''));
      const { body, exported } = splitExports(text) ?? fail(`${entry} exports nothing`);
      const handedIn = body.replace(/^import (?:\{([^}]*)\} from )?"([^"]*)";$/gm, (_, names = '', from) =>
        from === chunk.path
          ? `const {${names.replaceAll(' as ', ': ')}} = preload;`
          : fail(`${entry} imports ${from}`),
      );
      const code = `(function (importMetaUrl, preload) {
${takeParameters(handedIn)}
return ${asObject(exported)};
})
`;
      const script = `${name}-${hash(code)}.cjs`;
      writeFileSync(join(lib, script), code);
      return { entry, script, module: join(lib, `${name}.js`) };
    }),
  );
}

/**
 * Writes the preload's chunk as a script, whose compiled code is kept (see src/preload/compiled-code.ts).
 * @returns the names of its exports, and the text of an expression by which a module loads it
 */
async function writePreload(dist, { path, text }, buildId, scripts) {
  const { body: modules, exported } =
    splitExports(takeBuiltinsDirectly(text)) ?? fail(`${path} exports nothing`);
  const body = scripts.reduce((body, { entry, script }) => {
    // as the module beside it names it
    const named = `"./${basename(entry)}"`;
    if (!body.includes(named)) fail(`nothing loads ${entry}`);
    return body.replace(named, `"${'../'.repeat(entry.split('/').length - 1)}${script}"`);
  }, modules);
  if (/^import\b/m.test(body)) fail(`${path} imports another chunk`);
  for (const [name] of exported) {
    // an object's properties are no live bindings
    const assignments =
      body.match(
        new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')} (?:[-+*/|&?]{0,2}=|\\+\\+|--)(?!=)`, 'g'),
      ) ?? [];
    if (assignments.length > 1) fail(`${path} exports ${name}, which is assigned to`);
  }
  const code = `(function (importMetaUrl, importModule, keepCompiledCode, evaluateAlong) {const buildId = "${buildId}";
${takeParameters(body)}
return ${asObject(exported)};
})
`;
  const script = `preload-${hash(code)}.cjs`;
  writeFileSync(join(dirname(path), script), code);
  const { outputFiles } = await build({
    ...OPTIONS,
    write: false,
    stdin: {
      resolveDir: dist,
      contents: `import { evaluateOnce } from './preload/compiled-code.js';
export const preloaded =
  evaluateOnce(new URL('./${script}', import.meta.url).href, (specifier) => import(specifier));`,
    },
  });
  return {
    exported: exported.map(([name, alias = name]) => alias).join(', '),
    loading: `(() => {\n${takeBuiltinsDirectly(outputFiles[0].text).replace(/^export \{[^}]*\};\n/m, 'return preloaded;\n')}})()`,
  };
}

/** Makes the preload load the script instead of importing the chunk, which would be one more module to load. */
function loadWithin(text, path, chunk, loading) {
  const imported = new RegExp(`^import \\{([^}]*)\\} from "\\./${basename(chunk.path)}";\n`, 'm');
  const [, names] = imported.exec(text) ?? fail(`${path} does not import the preload's chunk`);
  const loaded = `const {${names.replaceAll(' as ', ': ')}} = ${loading};\n`;
  return takeBuiltinsDirectly(text.replace(imported, () => loaded));
}

/** The text of a module without its exports, and for each export its name in the module and its name for others. */
function splitExports(text) {
  const [, body, list] = /^([\s\S]*)\nexport \{([^}]*)\};\n$/.exec(text) ?? [];
  return list && { body, exported: list.split(',').map((name) => name.trim().split(' as ')) };
}

function asObject(exported) {
  return `{ ${exported.map(([name, alias = name]) => `${alias}: ${name}`).join(', ')} }`;
}

/** A script gets as parameters what only modules have. (Node's hooks thread has no dynamic import for scripts.) */
function takeParameters(body) {
  return body.replaceAll('import.meta.url', 'importMetaUrl').replace(/(?<![-\w.])import\(/g, 'importModule(');
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function fail(message) {
  throw new Error(message);
}

/** Is it a file that is read at run time, and not written by tsc? */
function isAsset(path) {
  if (/\.d\.c?ts$/.test(path)) return false;
  return !path.endsWith('.js') || !existsSync(path.replace(/\.js$/, '.d.ts'));
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function copy(from, to, path) {
  cpSync(path, join(to, relative(from, path)));
}

/** The licences of the packages that are bundled into ours. */
function collectLicenses(names, dist) {
  const { resolve: find } = createRequire(join(dist, 'importer.js'));
  return names
    .map((name) => {
      const folder = dirname(find(`${name}/package.json`));
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function flatName(dist, path) {
  return relative(dist, path).replace(/\.js$/, '').replaceAll(sep, '.');
}

/** All code lies in one folder: an entry that belongs into a subfolder gets a file there that exports it. */
function writeStub(dist, lib, path) {
  const place = relative(dist, path);
  if (!place.includes(sep)) return;
  const depth = place.split(sep).length - 1;
  mkdirSync(dirname(join(lib, place)), { recursive: true });
  writeFileSync(join(lib, place), `export * from '${'../'.repeat(depth)}${flatName(dist, path)}.js';\n`);
}
