import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type PerfRecording, WINDOWS_FILE, type WindowsRecording } from '../../../runtime/contract.js';
import { reasonOf } from '../../../shared/errors.js';
import type { Program } from '../resolve-program.js';
import { SampleAttribution } from './attribute-samples.js';
import type { PerfPlan } from './find-perf.js';
import { parseSample, SCRIPT_FIELDS } from './parse-sample.js';

const OWN_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const US_PER_SECOND = 1e6;
/** Of the session's folder. */
const DATA_FILE = 'perf.data';

/**
 * V8 writes a map of its functions for `perf`, and gives those that it interprets frames of their own: see "Linux Perf"
 * among Node's guides. Both are flags that NODE_OPTIONS may hold.
 */
export const PERF_NODE_FLAGS = '--perf-basic-prof --interpreted-frames-native-stack';

/** Where a program is to run. */
interface Place {
  /** The session's folder. */
  readonly folder: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The program below `perf record`, which ends as the program does; as it is where it cannot be run at all. */
export function belowPerf(program: Program, plan: PerfPlan, { folder, cwd, env }: Place): Program {
  if (!canRun(program.command, cwd, env)) return program;
  const events = [plan.event, ...plan.counters].flatMap((event) => ['-e', event]);
  // the clock of `process.hrtime`
  const options = ['-q', '-k', 'CLOCK_MONOTONIC', '-F', `${plan.frequencyHz}`, '-g', ...events];
  return {
    command: 'perf',
    args: ['record', ...options, '-o', join(folder, DATA_FILE), '--', program.command, ...program.args],
  };
}

function canRun(command: string, cwd: string, { PATH = '' }: NodeJS.ProcessEnv): boolean {
  const places = command.includes('/') ? [cwd] : PATH.split(delimiter);
  return places.some((place) => {
    try {
      accessSync(resolve(cwd, place, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Reads what `perf` has recorded. Never throws: what is missing is a note. */
export async function readPerf(
  plan: PerfPlan,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<PerfRecording> {
  const recordings = readWindows(folder);
  const attribution = new SampleAttribution(recordings, plan.event, OWN_FOLDER);
  const notes: string[] = [];
  if (recordings.some(({ isComplete }) => !isComplete))
    notes.push('--perf: so many calls ran apart from each other that only the first ones got their samples');
  try {
    await readScript(join(folder, DATA_FILE), env, attribution);
  } catch (error) {
    notes.push(`--perf: its samples cannot be read: ${reasonOf(error)}`);
  }
  for (const pid of new Set(recordings.map((one) => one.pid)))
    rmSync(`/tmp/perf-${pid}.map`, { force: true });
  return {
    event: plan.event,
    intervalUs: US_PER_SECOND / plan.frequencyHz,
    functions: attribution.list(),
    notes,
  };
}

function readWindows(folder: string): WindowsRecording[] {
  return readdirSync(folder)
    .filter((name) => WINDOWS_FILE.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as WindowsRecording);
}

async function readScript(
  file: string,
  env: NodeJS.ProcessEnv,
  attribution: SampleAttribution,
): Promise<void> {
  const args = ['script', '-i', file, '--ns', '--no-inline', '-F', SCRIPT_FIELDS];
  const perf = spawn('perf', args, { env: { ...env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  perf.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-1000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    perf.once('error', reject);
    perf.once('close', resolve);
  });
  let lines: string[] = [];
  const addSample = () => {
    const sample = parseSample(lines);
    if (sample !== null) attribution.add(sample);
    lines = [];
  };
  for await (const line of createInterface({ input: perf.stdout })) {
    if (line.trim() === '') addSample();
    else lines.push(line);
  }
  addSample();
  const code = await ended;
  if (code !== 0) throw new Error(`perf script ended with ${code}: ${said.trim().split('\n').at(-1)}`);
}
