// Builds src/main.ts of the working directory into dist/ with one bundler: node build.mjs NAME [plain]
// `plain`: without the plugin.
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const [name, plain] = process.argv.slice(2);
const [bundler, loader] = name.split('-');
const plugin = plain ? null : (await import(`ttprof/${bundler}`)).default();
const plugins = plugin === null ? [] : [plugin];
const input = 'src/main.ts';
const onwarn = ({ message }) => {
  throw new Error(message);
};

async function roll(own) {
  const { rollup } = await import('rollup');
  const bundle = await rollup({ input, onwarn, plugins: [own, ...plugins] });
  await bundle.write({ file: 'dist/main.mjs', sourcemap: true });
}

const LOADERS = {
  ts: { test: /\.ts$/, loader: 'ts-loader' },
  swc: {
    test: /\.ts$/,
    loader: bundler === 'rspack' ? 'builtin:swc-loader' : 'swc-loader',
    options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
  },
  babel: {
    test: /\.ts$/,
    loader: 'babel-loader',
    options: {
      cacheDirectory: true,
      presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'],
    },
  },
};

/** webpack and Rspack, with caches that outlive the process. */
async function pack(create, cache) {
  const compiler = create({
    mode: 'production',
    target: 'node',
    context: process.cwd(),
    entry: `./${input}`,
    devtool: 'source-map',
    output: { path: join(process.cwd(), 'dist'), filename: 'main.cjs' },
    resolve: { extensions: ['.ts', '.js'] },
    module: { rules: [LOADERS[loader]] },
    plugins,
    cache,
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)));
  });
  const problems = stats.hasErrors() ? stats.toString({ all: false, errors: true }) : null;
  await new Promise((resolve) => compiler.close(resolve));
  if (problems !== null) throw new Error(problems);
}

const directory = join(process.cwd(), `.cache-${name}`);
const BUILDERS = {
  async vite() {
    const { build } = await import('vite');
    const rollupOptions = { output: { entryFileNames: 'main.mjs' } };
    await build({
      logLevel: 'error',
      plugins,
      build: { ssr: input, outDir: 'dist', sourcemap: true, rollupOptions },
    });
  },
  'rollup-esbuild': async () => roll((await import('rollup-plugin-esbuild')).default()),
  'rollup-typescript': async () =>
    roll((await import('@rollup/plugin-typescript')).default({ compilerOptions: { outDir: 'dist' } })),
  'rollup-typescript2': async () => roll((await import('rollup-plugin-typescript2')).default()),
  async rolldown() {
    const { rolldown } = await import('rolldown');
    const bundle = await rolldown({ input, plugins, platform: 'node' });
    await bundle.write({ file: 'dist/main.mjs', sourcemap: true });
  },
  async esbuild() {
    const { build } = await import('esbuild');
    const options = { bundle: true, format: 'esm', platform: 'node', sourcemap: true, logLevel: 'error' };
    await build({ ...options, entryPoints: [input], outfile: 'dist/main.mjs', plugins });
  },
  async farm() {
    const { build } = await import('@farmfe/core');
    const output = { path: 'dist', targetEnv: 'node', format: 'esm', entryFilename: '[entryName].mjs' };
    const persistentCache = { cacheDir: directory };
    const compilation = { input: { main: input }, output, sourcemap: true, persistentCache };
    await build({ root: process.cwd(), logLevel: 'error', compilation, plugins });
  },
  webpack: async () =>
    pack((await import('webpack')).default, { type: 'filesystem', cacheDirectory: directory }),
  rspack: async () =>
    pack((await import('@rspack/core')).rspack, {
      type: 'persistent',
      storage: { type: 'filesystem', directory },
    }),
};

rmSync('dist', { recursive: true, force: true });
await (BUILDERS[name] ?? BUILDERS[bundler])();
