// Compiles src/ into dist/ file by file, which the tests import, and bundles that into lib/, which is the package. Both
// from scratch, so that a deleted source leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { inlineLayout } from './inline-layout.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

await inlineLayout(join(root, 'dist'));

cpSync(join(root, 'src'), join(root, 'dist'), {
  recursive: true,
  filter: (path) => !/\.c?ts$/.test(path), // what tsc does not copy: page assets, the JSON Schema
});
await bundle(join(root, 'dist'), join(root, 'lib'));
