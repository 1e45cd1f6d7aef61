// A gate for CI in two steps: measure the base, then the change; exit code 3 stops the build where a function became
// slower by more than 50 % beyond doubt. In a repository, `ttprof ab --base origin/main --fail-if-slower 5 …` does both.
//   node examples/ci-gate/gate.js; SLOWER=1 node examples/ci-gate/gate.js
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../lib/cli.js', import.meta.url)); // `ttprof`, once it is installed
const program = fileURLToPath(new URL('./sort.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ci-gate-'));
const baseline = join(folder, 'base.json');

function ttprof(args, env = process.env) {
  const measure = ['--runs', '4', '-t', 'sortNumbers', ...args, program];
  return spawnSync(process.execPath, [command, ...measure], { stdio: 'inherit', env }).status;
}

try {
  // the base never has the change; in CI it is checked out from the main branch
  const base = ttprof(['--json', baseline, '--quiet'], { ...process.env, SLOWER: '0' });
  process.exitCode = base || ttprof(['--baseline', baseline, '--fail-if-slower', '50']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(process.exitCode === 0 ? 'gate: passed' : `gate: stopped with exit code ${process.exitCode}`);
