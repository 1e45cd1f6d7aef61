/**
 * The package as users get it: packed, and installed into an empty folder outside the repository. That takes seconds,
 * so it is done once for each state of what is packed, whichever test and whichever Node comes first.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '../run-to-end.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PREFIX = `ttprof-e2e-${userInfo().username}-`;
/** npm needs seconds; where another process died while it installed, this one gives up. */
const MAX_TRIES = 600;
const RETRY_MS = 200;
const HOUR_MS = 3_600_000;

/** @returns the folder in whose `node_modules` ttprof is installed */
export async function installPackage(): Promise<string> {
  const folder = join(tmpdir(), PREFIX + hashOfPackage());
  const ready = join(folder, '.ready');
  try {
    mkdirSync(folder);
  } catch {
    for (let tries = 0; !existsSync(ready); tries++) {
      if (tries === MAX_TRIES)
        throw new Error(`another test was to install the package into ${folder}; remove it`);
      await wait(RETRY_MS);
    }
    return folder;
  }
  for (const other of readdirSync(tmpdir())) {
    if (other.startsWith(PREFIX) && join(tmpdir(), other) !== folder) removeOld(join(tmpdir(), other));
  }
  try {
    install(folder);
    writeFileSync(ready, '');
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

function install(folder: string): void {
  // without its scripts: `prepare` would rebuild dist/ under the feet of other tests
  const packed = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT);
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  npm(['install', ...quiet, `.${sep}${filename}`], folder);
}

function npm(args: string[], cwd: string): string {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const shell = process.platform === 'win32';
  return execFileSync('npm', args, { cwd, stdio, encoding: 'utf8', shell, timeout: PATIENCE_MS });
}

/** Of everything that is packed; the lock file says which dependencies. */
function hashOfPackage(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(join(ROOT, 'lib'), { recursive: true }).map(String).sort()) {
    if (/\.(js|json|css|html)$/.test(name)) hash.update(name).update(readFileSync(join(ROOT, 'lib', name)));
  }
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Those of other checkouts may be in use now. */
function removeOld(folder: string): void {
  const ageMs = Date.now() - statSync(folder).mtimeMs;
  if (ageMs > HOUR_MS) rmSync(folder, { recursive: true, force: true });
}
