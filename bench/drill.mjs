// What --drill costs a program that is measured anyway, and how much of a busy target's time its samples tell of.
//
//   node bench/drill.mjs [--rounds 9]
//
// CPU time of the whole process, start and end included, as the system counts it for a child that has ended (Linux, in
// steps of 10 ms): that of the sampler's own thread is in it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PRELOAD = ['--import', pathToFileURL(join(ROOT, 'lib/register.js')).href];
const TICK_MS = 10;
const PROGRAMS = [
  { name: 'Markdown example', script: 'examples/markdown.js', targets: ['render', 'marked:_Parser.parse'] },
  { name: '10⁷ short calls', script: 'bench/drill/short-calls.mjs', targets: ['short'] },
];
const BUSY_SECONDS = 3;

/** @returns rows of a table; per program the CPU time in ms with and without, and the ratio */
export function measureDrill({ node = process.execPath, rounds = 9 } = {}) {
  const costs = PROGRAMS.map(({ name, script, targets }) => {
    const flags = targets.map((target) => `--ttprof=${target}`);
    const [plain, drilled] = [[], []];
    for (let round = 0; round < rounds; round++) {
      plain.push(measureCpuMs(node, script, flags));
      drilled.push(measureCpuMs(node, script, [...flags, '--ttprof-drill']));
    }
    const ratios = drilled.map((ms, i) => ms / plain[i]);
    return { name, plainMs: median(plain), drilledMs: median(drilled), ratio: median(ratios) };
  });
  const told = measureTold(node);
  const percent = (part) => `${(100 * part).toFixed(1)}%`;
  const rows = [
    ['what', 'without', 'with --drill', 'ratio'],
    ...costs.map(({ name, plainMs, drilledMs, ratio }) => [
      name,
      `${plainMs} ms CPU`,
      `${drilledMs} ms CPU`,
      ratio.toFixed(3),
    ]),
    ["samples of a busy target's windows that are below it", '', percent(told.attributed), ''],
    ['sampled against exact time', '', `${told.samples} samples`, told.sampledToExact.toFixed(3)],
  ];
  return { title: 'Cost and completeness of --drill', rows, data: { costs, told } };
}

function measureCpuMs(node, script, flags) {
  const before = readChildrenMs();
  const { status, stderr } = spawnSync(node, [...PRELOAD, join(ROOT, script), ...flags, '--ttprof-quiet'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr.toString());
  return readChildrenMs() - before;
}

/** CPU time of all children that have ended. */
function readChildrenMs() {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Of all samples while the program's loop ran, those that are in the target's tree; and its sampled time. */
function measureTold(node) {
  const folder = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
  try {
    const [json, whole] = [join(folder, 'report.json'), join(folder, 'all.cpuprofile')];
    const flags = [
      '--ttprof=busy',
      `--ttprof-json=${json}`,
      `--ttprof-cpuprofile=${whole}`,
      '--ttprof-quiet',
    ];
    const script = join(ROOT, 'bench/drill/busy.mjs');
    const { status, stderr } = spawnSync(node, [...PRELOAD, script, String(BUSY_SECONDS), ...flags]);
    if (status !== 0) throw new Error(stderr.toString());
    const [{ drill, total_ns: totalNs }] = JSON.parse(readFileSync(json, 'utf8')).functions;
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(whole, 'utf8'));
    const module = nodes.find(
      ({ callFrame }) =>
        callFrame.url.endsWith('busy.mjs') && callFrame.lineNumber === 0 && callFrame.functionName === '',
    );
    const below = new Set();
    const visit = (id) => {
      below.add(id);
      for (const child of nodes[id - 1].children ?? []) visit(child);
    };
    visit(module.id);
    const during = samples.filter((id) => below.has(id)).length;
    const meanUs = timeDeltas.slice(1).reduce((sum, us) => sum + us, 0) / (samples.length - 1);
    return {
      samples: drill.samples,
      attributed: drill.samples / during,
      // by the time that really passed between two samples: on a busy machine that is more than 1 ms
      sampledToExact: (drill.samples * meanUs * 1e3) / totalNs,
      meanUs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runAlone(import.meta.url, 'drill', measureDrill, 'rounds');
