// Do docs/bundlers.md's lines for tools that build on bundlers work? Makes a small project of each, builds and runs it
// below the `ttprof` command, on one Node line; the counts have to be exact.
//
//   node scripts/frameworks.mjs [filter …]      e.g. `next`
//
// The tools are installed from npm once, into a cache folder (FRAMEWORKS_FOLDER).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installNodeLines } from './node-versions.mjs';
import { installTools, placePackage, root, runCases, withProject } from './tool-projects.mjs';

const PACKAGES = [
  ...['tsup@9', 'tsdown@0.23', 'next@16', 'react@19', 'react-dom@19', '@types/react@19', '@types/node@24'],
  ...[
    '@nestjs/cli@12',
    '@nestjs/core',
    '@nestjs/common',
    '@nestjs/platform-express',
    'reflect-metadata',
    'rxjs@7',
  ],
  ...['vite@8', 'vue@3', '@vitejs/plugin-vue', 'nuxt@4', 'svelte@5', '@sveltejs/vite-plugin-svelte'],
  ...['vitest@5', '@vue/test-utils@2', 'jsdom'],
  ...['@swc/cli', '@swc/core@1', 'typescript@5.9'],
];
const CALLS = 5;
const PORT = 4571;

const LIB = `export function maths(n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += n;
  return sum;
}
`;
const BUNDLED = {
  'src/lib.ts': LIB,
  'src/main.ts': `import { maths } from './lib';\nfor (let i = 0; i < ${CALLS}; i++) console.log(maths(i));\n`,
};
const NEST = {
  'nest-cli.json': '{ "sourceRoot": "src" }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{
        module: 'commonjs',
        moduleResolution: 'node',
        target: 'ES2023',
        sourceMap: true,
        outDir: './dist',
      },
      ...{ emitDecoratorMetadata: true, experimentalDecorators: true, skipLibCheck: true, types: ['node'] },
    },
  }),
  'src/lib.ts': `import { Controller, Get } from '@nestjs/common';

@Controller()
export class AppController {
  @Get()
  getHello(): string {
    return 'Hello World!';
  }
}
`,
  'src/main.ts': `import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppController } from './lib';

@Module({ controllers: [AppController] })
class AppModule {}

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0);
  for (let i = 0; i < ${CALLS}; i++) await (await fetch(await app.getUrl())).text();
  await app.close();
}
bootstrap();
`,
};
const next = (config) => ({
  'src/lib.ts': LIB,
  'src/app/layout.tsx':
    'export default function Layout({ children }: { children: React.ReactNode }) { return <html><body>{children}</body></html>; }\n',
  'src/app/api/hello/route.ts': `import { maths } from '../../../lib';
export const dynamic = 'force-dynamic';
export function GET() { return Response.json(maths(10)); }
`,
  'next.config.mjs': config,
});

const COMPONENT = `<script setup lang="ts">
import { maths } from '../src/lib';
const value = maths(10);
</script>
<template><p>{{ value }}</p></template>
`;
const NUXT = {
  'src/lib.ts': LIB,
  'app/app.vue': COMPONENT,
  'server/api/hello.ts': `import { maths } from '../../src/lib';
export default defineEventHandler(() => maths(10));
`,
  'nuxt.config.ts': `import rollup from 'ttprof/rollup';
import vite from 'ttprof/vite';
export default defineNuxtConfig({
  vite: { plugins: [vite()] },
  nitro: { rollupConfig: { plugins: [rollup()] } },
});
`,
};

/** Components with a function each: their files, and the lines on which the functions start. */
const COMPONENTS = {
  'src/Setup.vue': `<script setup lang="ts">
import { computed } from 'vue';
interface Shape { readonly size: number }
const props = defineProps<{ n: number }>();

function double(shape: Shape): number {
  return shape.size * 2;
}
const doubled = computed(() => double({ size: props.n }));
</script>
<template><p>{{ doubled }}</p></template>
`,
  'src/Plain.vue': `<template><p>{{ tripled }}</p></template>

<script>
function triple(n) {
  return n * 3;
}
export default {
  props: ['n'],
  computed: { tripled() { return triple(this.n); } },
};
</script>
`,
  'src/Counter.svelte': `<script lang="ts">
  interface Shape { readonly size: number }
  let { n }: { n: number } = $props();

  function quadruple(shape: Shape): number {
    return shape.size * 4;
  }
</script>
<p>{quadruple({ size: n })}</p>
`,
  'src/Panel.tsx': `interface Shape { readonly size: number }

function quintuple(shape: Shape): number {
  return shape.size * 5;
}
export const Panel = ({ n }: { n: number }) => <p>{quintuple({ size: n })}</p>;
`,
};
const IN_COMPONENTS = {
  'src/Setup.vue:double': 6,
  'src/Plain.vue:triple': 4,
  'src/Counter.svelte:quadruple': 5,
  'src/Panel.tsx:quintuple': 3,
};
const COMPONENTS_CONFIG = `import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import ttprof from 'ttprof/vite';
// in Vitest Svelte is to be the one that shows something
const resolve = process.env.VITEST ? { conditions: ['browser'] } : {};
// Vue makes source maps only where Vite does
const build = { sourcemap: true };
export default { plugins: [vue(), svelte(), ttprof()], build, resolve, test: { environment: 'jsdom' } };
`;
const SHOWN = `import { createElement } from 'react';
import { renderToString as showReact } from 'react-dom/server';
import { render as showSvelte } from 'svelte/server';
import { createSSRApp } from 'vue';
import { renderToString as showVue } from 'vue/server-renderer';
import Counter from './Counter.svelte';
import { Panel } from './Panel';
import Plain from './Plain.vue';
import Setup from './Setup.vue';
export async function show(n: number): Promise<string> {
  const vue = [await showVue(createSSRApp(Setup, { n })), await showVue(createSSRApp(Plain, { n }))];
  return [...vue, showSvelte(Counter, { props: { n } }).body, showReact(createElement(Panel, { n }))].join('');
}
`;
const MOUNTED = `import { mount } from '@vue/test-utils';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync, mount as mountSvelte } from 'svelte';
import { expect, test } from 'vitest';
import Counter from '../src/Counter.svelte';
import { Panel } from '../src/Panel';
import Plain from '../src/Plain.vue';
import Setup from '../src/Setup.vue';
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
test.each(Array.from({ length: ${CALLS} }, (_, n) => n))('components show %i', async (n) => {
  expect(mount(Setup, { props: { n } }).text()).toBe(String(2 * n));
  expect(mount(Plain, { props: { n } }).text()).toBe(String(3 * n));
  const target = document.createElement('div');
  flushSync(() => mountSvelte(Counter, { target, props: { n } }));
  expect(target.textContent).toBe(String(4 * n));
  const place = document.createElement('div');
  await act(() => createRoot(place).render(createElement(Panel, { n })));
  expect(place.textContent).toBe(String(5 * n));
});
`;

const CASES = [
  {
    name: 'tsup',
    files: {
      ...BUNDLED,
      'tsup.config.ts': `import ttprof from 'ttprof/esbuild';\nexport default { entry: ['src/main.ts'], format: ['esm'], esbuildPlugins: [ttprof()] };\n`,
    },
    build: ['tsup'],
    run: ['node', 'dist/main.mjs'],
  },
  {
    name: 'tsdown',
    files: {
      ...BUNDLED,
      'tsdown.config.ts': `import ttprof from 'ttprof/rolldown';\nexport default { entry: ['src/main.ts'], plugins: [ttprof()] };\n`,
    },
    build: ['tsdown'],
    run: ['node', 'dist/main.mjs'],
  },
  {
    name: 'vite, ssr',
    files: {
      'src/lib.ts': LIB,
      'src/App.vue': COMPONENT,
      'src/main.ts': `import { createSSRApp } from 'vue';
import { renderToString } from 'vue/server-renderer';
import App from './App.vue';
for (let i = 0; i < ${CALLS}; i++) console.log(await renderToString(createSSRApp(App)));
`,
      'vite.config.mjs': `import vue from '@vitejs/plugin-vue';\nimport ttprof from 'ttprof/vite';\nexport default { plugins: [vue(), ttprof()] };\n`,
    },
    build: ['vite', 'build', '--ssr', 'src/main.ts'],
    run: ['node', 'dist/main.mjs'],
  },
  ...[
    ['page', '/'],
    ['server', '/api/hello'],
  ].map(([name, asks]) => ({
    ...{ name: `nuxt, ${name}`, files: NUXT, asks },
    build: ['nuxt', 'build'],
    run: ['node', '.output/server/index.mjs'],
  })),
  {
    name: 'components, ssr',
    files: {
      ...COMPONENTS,
      'src/show.ts': SHOWN,
      'src/main.ts': `import { show } from './show';\nfor (let i = 0; i < ${CALLS}; i++) console.log(await show(i));\n`,
      'vite.config.mjs': COMPONENTS_CONFIG,
    },
    build: ['vite', 'build', '--ssr', 'src/main.ts'],
    run: ['node', 'dist/main.mjs'],
    lines: IN_COMPONENTS,
  },
  {
    name: 'components, vitest',
    files: { ...COMPONENTS, 'test/components.spec.ts': MOUNTED, 'vite.config.mjs': COMPONENTS_CONFIG },
    run: ['vitest', 'run'],
    // what Vitest evaluates has no map
    lines: Object.fromEntries(Object.keys(IN_COMPONENTS).map((each) => [each, null])),
  },
  { name: 'nest, tsc', files: NEST, run: ['nest', 'start'], target: 'src/lib.ts:AppController.getHello' },
  {
    name: 'nest, swc',
    files: NEST,
    run: ['nest', 'start', '-b', 'swc'],
    target: 'src/lib.ts:AppController.getHello',
  },
  {
    name: 'next, webpack',
    files: next(
      `import ttprof from 'ttprof/webpack';\nexport default { webpack: (config) => ({ ...config, plugins: [...config.plugins, ttprof()] }) };\n`,
    ),
    build: ['next', 'build', '--webpack'],
    run: ['next', 'start', '-p', String(PORT)],
    asks: '/api/hello',
  },
  {
    name: 'next, Turbopack',
    files: next('export default { experimental: { serverSourceMaps: true, turbopackMinify: false } };\n'),
    build: ['next', 'build'],
    run: ['next', 'start', '-p', String(PORT)],
    asks: '/api/hello',
  },
];

const folder = installTools('ttprof-frameworks', process.env.FRAMEWORKS_FOLDER, PACKAGES);
placePackage(folder);
const [node] = installNodeLines(['24']);
const manifest = { 'package.json': '{ "name": "project", "private": true }' };
await runCases(
  CASES.map((one) => ({
    title: one.name,
    check: () => withProject(folder, { ...manifest, ...one.files }, (project) => check(project, one)),
  })),
);

/** @returns what is wrong, or null */
async function check(project, { build, run, asks, target = 'src/lib.ts:maths', lines = { [target]: null } }) {
  const targets = Object.keys(lines);
  const { NODE_OPTIONS, TTPROF, ...rest } = process.env;
  const path = [dirname(node.path), join(folder, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const env = {
    ...rest,
    PATH: path,
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    CI: '1',
    PORT: String(PORT),
  };
  if (build) {
    const built = spawnSync(build[0], build.slice(1), {
      ...{ cwd: project, encoding: 'utf8', timeout: 240_000 },
      env: { ...env, TTPROF: targets.join(' ') },
    });
    if (built.status !== 0) return `${build.join(' ')}: ${(built.stdout + built.stderr).slice(-800)}`;
  }
  const flags = [...targets.flatMap((each) => ['-t', each]), '--quiet', '--json', 'report.json'];
  const args = [join(root, 'lib', 'cli.js'), ...flags, '--', ...run];
  const child = spawn(node.path, args, { cwd: project, env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (asks !== undefined) {
    await ask(asks);
    child.kill('SIGTERM');
  }
  await ended;
  const report = join(project, 'report.json');
  if (!existsSync(report)) return 'no report';
  const saved = JSON.parse(readFileSync(report, 'utf8'));
  const found = Object.fromEntries(
    saved.functions.map(({ target, calls, file, line }) => [target, { calls, file, line }]),
  );
  const isExact = targets.every((each) => {
    const one = found[each];
    const [file] = each.split(':');
    return one?.calls === CALLS && one.file === file && (lines[each] ?? one.line) === one.line;
  });
  return isExact && saved.functions.length === targets.length
    ? null
    : `${CALLS} calls of each expected, got ${JSON.stringify(found)} ${JSON.stringify(saved.targets)}`;
}

/** Asks a server that is starting as often as its function is to be called. */
async function ask(path) {
  let answers = 0;
  for (let tries = 0; answers < CALLS && tries < 240; tries++) {
    try {
      const { ok } = await fetch(`http://localhost:${PORT}${path}`);
      if (ok) answers++;
    } catch {
      await wait(250);
    }
  }
}
