import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { renderOptionTable } from '../../dist/config/help.js';
import { Project } from '../e2e/project.js';
import { codeBlocks, commands, generatedPart } from './readme.js';

/** Run elsewhere: the two commands of a fresh clone by `.ci/run`, the installation by `Project.create`. */
const RUN_ELSEWHERE = ['npm ci && npm run example', 'npm cit', 'npm ci', 'npm install --save-dev ttprof'];
/** npm's warnings of its own configuration are not ours. */
const QUIET_NPM = { npm_config_loglevel: 'error' };
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let project: Project;
before(async () => {
  project = await Project.create({});
  cpSync(join(ROOT, 'test/fixtures/readme-project'), project.folder, { recursive: true });
  cpSync(join(ROOT, 'examples/before-after.js'), project.path('examples/before-after.js'));
  link('../node_modules/ttprof', 'node_modules/ttprof');
  link('../node_modules/ttprof/lib/cli.js', 'node_modules/.bin/ttprof');
  link('packages/core', 'node_modules/core');
  link(join(ROOT, 'node_modules/tsx'), 'node_modules/tsx');
  link(join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'node_modules/.bin/tsx');
  project.write('.gitignore', 'node_modules\n');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project.folder, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=reader', '-c', 'user.email=reader@example.org', 'commit', '-m', 'Start');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD'); // what the CI recipes compare with
});
after(() => project.remove());

function link(target: string, path: string): void {
  mkdirSync(join(project.path(path), '..'), { recursive: true });
  const from = target.startsWith('/') ? target : project.path(target);
  symlinkSync(from, project.path(path));
}

test('every command of the README works as it stands', { timeout: 300_000 }, async (t) => {
  const env = { ...QUIET_NPM, GITHUB_STEP_SUMMARY: project.path('summary.md') };
  for (const command of commands().filter((text) => !RUN_ELSEWHERE.includes(text))) {
    await t.test(command, async () => {
      const { code, stdout, stderr } = await project.run('sh', ['-c', command], { env });
      assert.equal(code, 0, stderr);
      if (command.includes('ttprof list')) return assert.match(stdout, /\bmaths\b/);
      if (command.includes('ttprof timeit'))
        return assert.match(stdout, /^ fasterMaths\(100\) .* (?:faster|unsure)$/m);
      assert.match(stderr, /ttprof results/);
      assert.doesNotMatch(stderr, /matched nothing|never called/);
    });
  }
  assert.match(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8'), /maths/);
  assert.ok(existsSync(project.path('report.html')));
});

test('form 4 without -- fails with the text that the README quotes', async () => {
  const { code, stderr } = await project.node([
    '--import',
    'ttprof/register',
    '--ttprof=src/lib.js:maths',
    'app.js',
  ]);
  assert.equal(code, 9);
  assert.match(stderr, /bad option: --ttprof=src\/lib\.js:maths/);
});

test('the first impression is what the program prints, but for the numbers', async () => {
  const command = codeBlocks('console')[0]!.replace(/^\$ /, '').trim();
  const { stderr } = await project.run('sh', ['-c', command], { env: QUIET_NPM });
  const picture = readFileSync(join(ROOT, 'docs/images/terminal.svg'), 'utf8');
  const shown = picture.replace(/<[^>]*>/g, '').replaceAll('&#160;', ' ');
  const rows = [
    'function +calls +total median',
    'before\\(\\) +100 ',
    'after\\(\\) +100 .*-\\d\\d\\.\\d% \\[-\\d\\d\\.\\d, -\\d\\d\\.\\d\\] faster',
  ];
  for (const row of rows) {
    assert.match(shown, new RegExp(row), 'the picture');
    assert.match(stderr, new RegExp(row), 'what is printed');
  }
});

test('the table of options is the one that the declaration makes: npm run docs writes it', () => {
  assert.equal(generatedPart('docs/options.md', 'options'), renderOptionTable().trim());
});
