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
  ...['tsup@9', 'tsdown@0.23', 'next@16', 'react@19', 'react-dom@19', '@types/react@19', '@types/node@20'],
  ...[
    '@nestjs/cli@12',
    '@nestjs/core',
    '@nestjs/common',
    '@nestjs/platform-express',
    'reflect-metadata',
    'rxjs@7',
  ],
  ...['vite@8', 'vue@3', '@vitejs/plugin-vue', 'nuxt@4'],
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
async function check(project, { build, run, asks, target = 'src/lib.ts:maths' }) {
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
      env: { ...env, TTPROF: target },
    });
    if (built.status !== 0) return `${build.join(' ')}: ${(built.stdout + built.stderr).slice(-800)}`;
  }
  const flags = ['-t', target, '--quiet', '--json', 'report.json'];
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
  const { functions, targets } = JSON.parse(readFileSync(report, 'utf8'));
  const calls = functions.map((one) => one.calls);
  return calls.length === 1 && calls[0] === CALLS
    ? null
    : `${CALLS} calls expected, got ${JSON.stringify(calls)} ${JSON.stringify(targets)}`;
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
