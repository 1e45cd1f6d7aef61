import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { cleanEnvironment } from '../clean-environment.js';
import { Project } from './project.js';

/** Fifteen commits, of which one doubles the work, and some do not start. */
const COMMITS = 15;
const SLOW = 9;
const BROKEN = [4, 8, 12];

let project: Project;
before(async () => {
  project = await Project.create({ '.gitignore': '.temporary\ntmp\n*.json\n' });
  project.write('tmp/x', '');
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  for (let commit = 1; commit <= COMMITS; commit++) {
    const rounds = commit >= SLOW ? 4000 : 2000;
    const broken = BROKEN.includes(commit) ? 'throw new Error("broken");' : '';
    project.write(
      'lib.mjs',
      `export function work(n) { for (let i = 0; i < ${rounds}; i++) n = (n * 31 + i) % 65521; return n }\n// ${commit}\n`,
    );
    project.write(
      'app.mjs',
      `import { work } from './lib.mjs'; ${broken} let n = 1; for (let i = 0; i < 200; i++) n = work(n); console.log(n);\n`,
    );
    git('add', '--all');
    git('commit', '--quiet', '--message', `commit ${commit}`);
    git('tag', `c${commit}`);
  }
  project.write('lib.mjs', 'not even a module');
});
after(() => project.remove());

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: project.folder, encoding: 'utf8', env: cleanEnvironment() });
}

async function bisect(...args: string[]) {
  const [temporary, before] = [project.path('tmp'), git('status', '--porcelain')];
  const env = { TMPDIR: temporary, TEMP: temporary };
  const finished = await project.ttprof(['bisect', '-t', 'lib.mjs:work', ...args], { env });
  assert.deepEqual(readdirSync(temporary), ['x']);
  assert.equal(git('status', '--porcelain'), before);
  assert.equal(git('worktree', 'list').trim().split('\n').length, 1);
  return finished;
}

test('the commit that made a target slower is found, those that fail are skipped', async () => {
  const { code, stdout, stderr } = await bisect('--good', 'c1', '--json', 'steps.json', 'app.mjs');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^(?:first slower commit: |the first slower commit is one of these)/);
  assert.match(stdout, / commit 9\n/);
  assert.match(stdout, /^lib\.mjs:work \+\d+\.\d % \[\+/m);
  const { found, steps, target } = JSON.parse(project.read('steps.json'));
  assert.equal(target, 'lib.mjs:work');
  assert.ok(found.includes(git('rev-parse', 'c9').trim()));
  // the neighbour that could not be tested is the only other suspect
  assert.ok(found.length <= 2, stdout);
  assert.ok(steps.length >= 3);
});

test('ends that do not differ end the search', async () => {
  const { code, stdout, stderr } = await bisect('--good', 'c1', '--bad', 'c3', 'app.mjs');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /c1 and c3 do not differ: no target is slower beyond doubt\n$/);
});

test('wrong usage is one line', async () => {
  for (const [args, message] of [
    [['app.mjs'], /nothing to begin with: ttprof bisect --good REV/],
    [['--good', 'nope', 'app.mjs'], /--good "nope" is no git revision/],
    [['--good', 'c9', '--bad', 'c3', 'app.mjs'], /--good "c9" does not come before --bad "c3"/],
    [['--good', 'c3', '--bad', 'c3', 'app.mjs'], /there is no commit between c3 and c3/],
  ] as const) {
    const { code, stderr } = await bisect(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stderr.split('\n').length, 2);
  }
});
