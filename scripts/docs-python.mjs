// Pastes into docs/coming-from-python.md what its commands print: `npm run build && node scripts/docs-python.mjs`.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs', 'coming-from-python.md');
/** What a run says of this machine alone. */
const PASSING = /^ note: /;

const text = readFileSync(page, 'utf8').replace(
  /(```sh\n)([\s\S]*?)(```\n\n```text\n)[\s\S]*?(```)/g,
  (_, open, commands, between, close) => open + commands + between + run(commands) + close,
);
writeFileSync(page, text);
rmSync(join(root, 'pi.json'), { force: true });

function run(commands) {
  const command = commands.replaceAll('npx ttprof', 'node lib/cli.js');
  const { stdout, stderr, status } = spawnSync('sh', ['-ec', command], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${commands}failed: ${stderr}`);
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => !PASSING.test(line));
  return `${lines.join('\n').trimEnd()}\n`;
}
