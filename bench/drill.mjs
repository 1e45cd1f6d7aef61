// What --drill costs a program that is measured anyway, and how much of a busy target's time its samples tell of.
//
//   node bench/drill.mjs [--rounds 9]
//
// CPU time of the program's main thread from start to end, in which it samples, notes and reports; and that of the whole
// process, with the threads in which V8 compiles, collects, and looks up what was sampled (Linux; in steps of 10 ms).
// Beside it what V8's profiler costs the same program by itself (`node --cpu-prof`, no ttprof in it).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from './medians.mjs';
import { runAlone } from './output.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PRELOAD = ['--import', pathToFileURL(join(ROOT, 'lib/register.js')).href];
const PRINT_CPU = pathToFileURL(join(ROOT, 'bench/drill/print-cpu.mjs')).href;
const TICK_MS = 10;
const PROGRAMS = [
  { name: 'Markdown example', script: 'examples/markdown.js', targets: ['render', 'marked:_Parser.parse'] },
  { name: '10⁷ short calls', script: 'bench/drill/short-calls.mjs', targets: ['short'] },
];
/** A report is made, else nothing that was sampled would be read. */
const REPORT = ['--ttprof-quiet', `--ttprof-json=${devNull}`];
const BUSY_SECONDS = 3;

/** @returns rows of a table; per program the CPU times in ms with and without, and their ratios */
export function measureDrill({ node = process.execPath, rounds = 9 } = {}) {
  const costs = PROGRAMS.flatMap((program) => {
    const flags = [...program.targets.map((target) => `--ttprof=${target}`), ...REPORT];
    const measured = { nodeFlags: PRELOAD, flags };
    const drilled = { nodeFlags: PRELOAD, flags: [...flags, '--ttprof-drill'] };
    const profiles = mkdtempSync(join(tmpdir(), 'ttprof-bench-'));
    const profiled = { nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${profiles}`], flags: [] };
    try {
      return [
        { name: program.name, ...compare(node, program, rounds, measured, drilled) },
        {
          name: `${program.name}, node --cpu-prof alone`,
          ...compare(node, program, rounds, { nodeFlags: [], flags: [] }, profiled),
        },
      ];
    } finally {
      rmSync(profiles, { recursive: true, force: true });
    }
  });
  const told = measureTold(node);
  const percent = (part) => `${(100 * part).toFixed(1)}%`;
  const rows = [
    ['what', 'without', 'with', 'ratio'],
    ...costs.flatMap(({ name, main, all }) =>
      [
        ['main thread', main],
        ['whole process', all],
      ].map(([of, { plainMs, profiledMs, ratio }]) => [
        `${name}, ${of}`,
        `${plainMs.toFixed(0)} ms CPU`,
        `${profiledMs.toFixed(0)} ms CPU`,
        ratio.toFixed(3),
      ]),
    ),
    ["samples of a busy target's windows that are below it", '', percent(told.attributed), ''],
    ['sampled against exact time', '', `${told.samples} samples`, told.sampledToExact.toFixed(3)],
  ];
  return { title: 'Cost and completeness of --drill', rows, data: { costs, told } };
}

/** CPU times of one program in two ways, in turns. */
function compare(node, { script }, rounds, without, profiled) {
  const [plain, slowed] = [[], []];
  for (let round = 0; round < rounds; round++) {
    plain.push(measureCpu(node, script, without));
    slowed.push(measureCpu(node, script, profiled));
  }
  const describe = (read) => ({
    plainMs: median(plain.map(read)),
    profiledMs: median(slowed.map(read)),
    ratio: median(slowed.map((cpu, i) => read(cpu) / read(plain[i]))),
  });
  return { main: describe(({ mainMs }) => mainMs), all: describe(({ allMs }) => allMs) };
}

function measureCpu(node, script, { nodeFlags, flags }) {
  const before = readChildrenMs();
  const args = ['--import', PRINT_CPU, ...nodeFlags, join(ROOT, script), ...flags];
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: ROOT, encoding: 'utf8' });
  const printed = /^main thread: (\d+)$/m.exec(stdout);
  if (status !== 0 || printed === null) throw new Error(stderr);
  return { mainMs: Number(printed[1]) / 1e6, allMs: readChildrenMs() - before };
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
    const during = nodes.reduce((sum, { id, hitCount }) => (below.has(id) ? sum + hitCount : sum), 0);
    // a sample stands for the time until the next one: on a busy machine that is often more than 1 ms
    const duringUs = samples.reduce(
      (sum, id, i) => (below.has(id) ? sum + (timeDeltas[i + 1] ?? 0) : sum),
      0,
    );
    return {
      samples: drill.samples,
      attributed: drill.samples / during,
      sampledToExact: (duringUs * 1e3 * (drill.samples / during)) / totalNs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runAlone(import.meta.url, 'drill', measureDrill, 'rounds');
