// Two byte-identical CommonJS modules, called in turns by one program: nothing of them differs but which is loaded and
// called first.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRun } from '../../dist/commands/run/measure-run.js';
import { defaultSettings } from '../../dist/config/options.js';
import { buildReport } from '../../dist/report/build-report.js';

const CALLS = 6000;
const COPIES = ['one', 'two'];

/** As compilers write CommonJS: what another module exports is asked for at each call. */
const FILES = {
  'check.js': `Object.defineProperty(exports, '__esModule', { value: true });
exports.default = void 0;
var _default = check;
function check(text, at) { return (text.charCodeAt(at) * 31) & 0xff; }
exports.default = _default;
exports.check = check;
`,
  'sum.js': `Object.defineProperty(exports, '__esModule', { value: true });
exports.default = void 0;
var _check = _interopRequireDefault(require('./check.js'));
function _interopRequireDefault(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
function sum(text) {
  let total = 0;
  for (let i = 0; i < 2000; i++) total += (0, _check.default)(text, i % 30);
  return total;
}
exports.sum = sum;
`,
};

/** @returns the folder; whoever made it removes it */
export function writeModules() {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  for (const copy of COPIES) {
    mkdirSync(join(folder, copy));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, copy, name), text);
  }
  writeFileSync(
    join(folder, 'app.js'),
    `const one = require('./one/sum.js');
const two = require('./two/sum.js');
let total = 0;
for (let call = 0; call < ${CALLS}; call++) {
  total += one.sum('9b1deb4d-3b7d-4bad-9bdd-2b0d7b' + call);
  total += two.sum('9b1deb4d-3b7d-4bad-9bdd-2b0d7b' + call);
}
if (total === 0) throw new Error('the work came to nothing');
`,
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @returns what `-x --runs` says of the second copy against the first */
export async function compareModules(folder, runs) {
  const targets = COPIES.map((copy) => `${copy}/sum.js:sum`);
  const settings = { ...defaultSettings(), targets };
  const recordings = [];
  for (let run = 0; run < runs; run++) {
    const { run: recording } = await measureRun({ settings, rest: ['app.js'], cwd: folder, hidden: true });
    recordings.push(recording);
  }
  const config = { ...defaultSettings(), targets, compare: true };
  const report = buildReport(recordings, { config, cwd: folder, outcomes: [], version: '0', baseline: null });
  return report.functions[1].delta;
}
