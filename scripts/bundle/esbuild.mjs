// How esbuild is used to bundle: its options, and plugins of our own.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { build, transform } from 'esbuild';

export const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
};

/** A module that imports all that the preload imports: with it in every entry, those modules become one chunk. */
const PRELOAD_CLOSURE = 'preload-closure';
/** Stands for `import.meta.url` while that is replaced. */
const OWN_URL = '__ownUrl';

/** What esbuild finds out about modules and their imports. */
export async function inspect(entryPoints) {
  const { metafile } = await build({ ...OPTIONS, entryPoints, outdir: '.', write: false, metafile: true });
  return metafile;
}

/** Makes the own URL of each module independent of the chunk that its code ends up in: all chunks lie in one folder. */
export function placeInOneFolder(dist, entries, preload) {
  return {
    name: 'place-in-one-folder',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${PRELOAD_CLOSURE}$`) }, ({ path }) => ({ path, namespace: path }));
      onLoad({ filter: /.*/, namespace: PRELOAD_CLOSURE }, () => ({
        contents: preload
          .filter((path) => !entries.includes(path))
          .map((path) => `import ${JSON.stringify(path)};`)
          .join('\n'),
        resolveDir: dist,
      }));
      onLoad({ filter: /\.js$/ }, async ({ path }) => {
        if (!path.startsWith(dist + sep)) return undefined;
        const url = `./${relative(dist, path).replaceAll(sep, '/')}`;
        const text = await replaceOwnUrl(
          readFileSync(path, 'utf8'),
          `new URL(${JSON.stringify(url)}, import.meta.url).href`,
        );
        // after a first line that may be a hashbang
        const contents = entries.includes(path)
          ? text.replace(/^(#!.*\n)?/, `$1import '${PRELOAD_CLOSURE}';\n`)
          : text;
        return { contents, loader: 'js' };
      });
    },
  };
}

/** Bundles these packages, although packages are left outside by {@link OPTIONS}. */
export function takeIn(names) {
  return {
    name: 'take-in',
    setup({ onResolve }) {
      const filter = new RegExp(`^(?:${names.join('|')})$`);
      onResolve({ filter }, ({ path, resolveDir }) => ({
        path: createRequire(join(resolveDir, 'importer.js')).resolve(path),
      }));
    },
  };
}

/** Replaces `import.meta.url` in code, not in the texts of messages. */
async function replaceOwnUrl(text, expression) {
  if (!text.includes('import.meta.url')) return text;
  const { code } = await transform(text, { define: { 'import.meta.url': OWN_URL } });
  return code.replaceAll(OWN_URL, expression);
}
