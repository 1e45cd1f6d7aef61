// One measurement in a process of its own, so that peak memory is its own: `node child.mjs parse|rewrite|cached FILE FUNCTION CWD`.
// Prints milliseconds and the peak of the resident set in kB as JSON. The modules are loaded before the clock starts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from '@babel/parser';

const [mode, file, name, cwd] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');
const measure = mode === 'parse' ? () => parse(source, { sourceType: 'unambiguous' }) : await makeRewriter();

const startMs = performance.now();
const result = measure();
const ms = performance.now() - startMs;
if (result === null) throw new Error(`${file}: ${name} was not found`);
console.log(JSON.stringify({ ms, peakKb: process.resourceUsage().maxRSS }));

async function makeRewriter() {
  const { createModuleRewriter } = await import('../../dist/loader/module-rewriter.js');
  const { parseTarget } = await import('../../dist/loader/targets/target.js');
  const { openCache } = await import('../../dist/loader/cache.js');
  const rewriteMatched =
    mode === 'rewrite' && (await import('../../dist/loader/rewrite/rewrite-matched.js')).rewriteMatched;
  const rewriter = createModuleRewriter({
    targets: [parseTarget(`${file}:${name}`, { cwd })],
    cwd,
    entry: null,
    openCache: mode === 'cached' ? () => openCache(cwd) : null,
    composesMaps: () => false,
    onLoad: ({ warning }) => {
      if (warning !== null) throw new Error(warning);
    },
    debug: null,
  });
  return () => {
    const begun = rewriter.begin({ file, source, format: 'commonjs' });
    return typeof begun === 'function' ? begun(() => rewriteMatched || fillCache()) : begun;
  };
}

/** The first process of this mode finds the cache empty; its figure is thrown away. */
function fillCache() {
  return createRequire(import.meta.url)('../../dist/loader/rewrite/rewrite-matched.js').rewriteMatched;
}
