// What the scripts have in common that try ttprof with other tools: they install the tools from npm once, make small
// projects beside them, run those and compare what is counted.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Installs tools, unless they are there already.
 * @param {string} name of the folder in the user's cache, where the environment names no other
 * @param {string | undefined} chosen the folder that the environment names
 * @param {string[]} packages as npm takes them: `vite@8`
 * @returns {string} the folder in whose node_modules they are
 */
export function installTools(name, chosen, packages) {
  const folder = chosen ?? join(homedir(), '.cache', name);
  const installed = join(folder, '.installed');
  const wanted = JSON.stringify(packages);
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return folder;
  installPackages(folder, packages);
  writeFileSync(installed, wanted);
  return folder;
}

/** Puts the built package into a folder's node_modules: not as a link, because what is not there, tools compile. */
export function placePackage(folder) {
  const own = join(folder, 'node_modules', 'ttprof');
  rmSync(own, { recursive: true, force: true });
  cpSync(join(root, 'lib'), join(own, 'lib'), { recursive: true });
  cpSync(join(root, 'package.json'), join(own, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(own, 'node_modules'), 'junction');
}

/**
 * Makes a project within the tools' folder, where they are found, and removes it after its use.
 * @param {Record<string, string>} files texts by their paths
 * @param {(project: string) => unknown} use waited for where it is async
 */
export async function withProject(folder, files, use) {
  const project = mkdtempSync(join(folder, 'project-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    }
    return await use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/**
 * Runs the cases whose titles contain every argument of the script, one after the other, and ends the process.
 * @param {Iterable<{ title: string, check: () => unknown }>} cases `check` gives what is wrong, or null
 */
export async function runCases(cases) {
  const filters = process.argv.slice(2);
  let failed = 0;
  for (const { title, check } of cases) {
    if (!filters.every((filter) => title.includes(filter))) continue;
    const problem = await check();
    if (problem !== null) failed++;
    console.log(problem === null ? `ok    ${title}` : `FAIL  ${title}: ${problem}`);
  }
  console.log(failed === 0 ? 'all counts are exact' : `${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
