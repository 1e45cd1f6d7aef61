// Installs one real binary of each supported Node line from npm into a cache folder and returns their paths.
// Used by the test matrix, `.ci/run` and `npm run bench -- --all-nodes`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';

export const NODE_LINES = ['20', '22', '24', '26'];

/** @returns {{ line: string, path: string, version: string }[]} one per line; throws where none can be had. */
export function installNodeLines(lines = NODE_LINES) {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${os}-${process.arch}`;
  const cache = process.env.NODE_LINES_FOLDER ?? join(homedir(), '.cache', 'ttprof-nodes');
  return lines.map((line) => {
    const folder = join(cache, line);
    const path = join(
      folder,
      'node_modules',
      name,
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    if (!existsSync(path)) installPackages(folder, [`${name}@${line}`]);
    return { line, path, version: spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim() };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, version } of installNodeLines()) console.log(`${version}\t${path}`);
}
