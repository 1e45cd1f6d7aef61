import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs packages from npm into a folder of their own.
 * @param {string} folder absolute path
 * @param {string[]} packages as npm takes them: `mocha@11`
 * @param {string[]} flags further ones of npm
 */
export function installPackages(folder, packages, flags = []) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...flags, ...packages];
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`cannot install ${packages.join(', ')} from npm into ${folder}`);
}
