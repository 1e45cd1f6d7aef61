import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Finished, Project } from './project.js';

/** In the entry, an imported local module, a required local module and a package: 2, 3, 4 and 5 calls. */
const TARGETS = ['inEntry', 'imported.mjs:inImported', 'required.cjs:inRequired', 'tiny:inPackage'];

const CALLS = (entry: string) => ({
  [`${entry}:inEntry`]: 2,
  'imported.mjs:inImported': 3,
  'required.cjs:inRequired': 4,
  'tiny/lib/index.js:inPackage': 5,
});

const BODY = `
function inEntry() { return 1 }
const times = (count, run) => { for (let i = 0; i < count; i++) run() };
const main = (inImported, inRequired, inPackage) => {
  times(2, inEntry); times(3, inImported); times(4, inRequired); times(5, inPackage);
  console.log(JSON.stringify(process.argv.slice(2)));
};
`;

const FILES = {
  'entry.mjs': `
    import { createRequire } from 'node:module';
    import { inImported } from './imported.mjs';
    import { inPackage } from 'tiny';
    ${BODY}
    main(inImported, createRequire(import.meta.url)('./required.cjs').inRequired, inPackage);
  `,
  'entry.cjs': `
    const { inRequired } = require('./required.cjs');
    const { inPackage } = require('tiny');
    ${BODY}
    if (require.main !== module) throw new Error('not the main module');
    import('./imported.mjs').then(({ inImported }) => main(inImported, inRequired, inPackage));
  `,
  'imported.mjs': 'export const inImported = () => 1;\n',
  'required.cjs': 'exports.inRequired = function () { return 1 };\n',
  'server/package.json': '{ "main": "./source/server" }',
  'server/source/server.js': 'function inEntry() {}\ninEntry();\nconsole.log(\'["x","--json"]\');\n',
  'node_modules/tiny/package.json': '{ "name": "tiny", "version": "1.0.0", "main": "lib/index.js" }',
  'node_modules/tiny/lib/index.js': 'exports.inPackage = () => 1;\n',
};

let project: Project;
before(async () => {
  project = await Project.create(FILES);
});
after(() => project.remove());

const preload = ['--import', 'ttprof/register'];
const options = TARGETS.flatMap((target) => ['-t', target]);
const flags = TARGETS.map((target) => `--ttprof=${target}`);

const forms: [string, (entry: string, json: string) => Promise<Finished>][] = [
  ['1: ttprof app.js', (entry, json) => project.ttprof([...options, '--json', json, entry, 'x', '--json'])],
  [
    '2: ttprof -- command',
    (entry, json) => project.ttprof([...options, '--json', json, '--', 'node', entry, 'x', '--json']),
  ],
  [
    '3: the target after the script',
    (entry, json) => project.node([...preload, entry, 'x', ...flags, `--ttprof-json=${json}`, '--json']),
  ],
  [
    '4: the target before the script',
    (entry, json) =>
      project.node([...preload, '--', ...flags, `--ttprof-json=${json}`, entry, 'x', '--json']),
  ],
  [
    '5: environment alone',
    (entry, json) => {
      const NODE_OPTIONS = preload.join(' ');
      const env = { NODE_OPTIONS, TTPROF: TARGETS.join(' '), TTPROF_JSON: json };
      return project.node([entry, 'x', '--json'], { env });
    },
  ],
];

for (const [name, run] of forms) {
  for (const entry of ['entry.mjs', 'entry.cjs']) {
    test(`form ${name}, with ${entry}`, async () => {
      const json = `${name[0]}-${entry}.json`;
      const { code, stdout, stderr } = await run(entry, json);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, '["x","--json"]\n', "nothing of ours, and the app's own arguments alone");
      assert.deepEqual(project.readCalls(json), CALLS(entry));
      assert.match(stderr, /^🎯 ttprof results:\n/);
      assert.doesNotMatch(stderr, /warning|deprecat|DEP0/i);
    });
  }
}

// the command takes files alone: a folder needs `node` before it
for (const [name, run] of forms.slice(1)) {
  test(`form ${name}, with a folder whose package.json names the script`, async () => {
    const json = `${name[0]}-folder.json`;
    const { code, stdout, stderr } = await run('server', json);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '["x","--json"]\n');
    assert.deepEqual(project.readCalls(json), { 'server/source/server.js:inEntry': 1 });
  });
}
