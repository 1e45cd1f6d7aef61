import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a program is to be recorded. */
export interface PerfPlan {
  /** What is sampled. */
  readonly event: string;
  /** Further events that this machine counts. */
  readonly counters: readonly string[];
  readonly frequencyHz: number;
}

/** Whether this machine has a `perf` that works. */
export interface FoundPerf {
  /** Null where it does not. */
  readonly plan: PerfPlan | null;
  /** What is missing, one line each. */
  readonly notes: readonly string[];
}

const CYCLES = 'cycles';
/** Where a machine counts no cycles (most virtual ones), the kernel's timer samples. */
const CLOCK = 'cpu-clock';
const COUNTERS = ['instructions', 'cache-misses', 'branch-misses', 'page-faults', 'context-switches'];
/** As perf's own advice: not a divisor of what runs by the second or the tick. */
const FREQUENCY_HZ = 999;
const PARANOID = 'perf_event_paranoid';
const LIMIT = '/proc/sys/kernel/perf_event_max_sample_rate';

/**
 * Asks `perf` what it can count here, with a command that does nothing.
 * @param env where the program, and so `perf`, is looked for
 */
export function findPerf(env: NodeJS.ProcessEnv, platform: string = process.platform): FoundPerf {
  if (platform !== 'linux') return refuse(`perf is a tool of Linux, and this is ${platform}`);
  const events = [CYCLES, CLOCK, ...COUNTERS];
  const { error, stderr, status } = spawnSync(
    'perf',
    ['stat', '-x', ',', '-e', events.join(','), '--', 'true'],
    { env: { ...env, LC_ALL: 'C' }, encoding: 'utf8' },
  );
  if (error !== undefined) {
    return refuse(
      'code' in error && error.code === 'ENOENT'
        ? 'there is no perf in PATH; install it (linux-perf on Debian, linux-tools-generic on Ubuntu)'
        : `perf cannot be run: ${error.message}`,
    );
  }
  const paranoid = readNumber(`/proc/sys/kernel/${PARANOID}`);
  const counted = readCounted(stderr);
  if (counted.size === 0) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    return refuse(
      /permission|access|paranoid|not permitted/i.test(stderr)
        ? `the kernel forbids it: ${PARANOID} is ${paranoid ?? 'unknown'}, and must be at most 2 (sudo sysctl kernel.${PARANOID}=1)`
        : `perf counts nothing here (exit code ${status}): ${said}`,
    );
  }
  const event = counted.has(CYCLES) ? CYCLES : CLOCK;
  if (!counted.has(event)) return refuse(`perf has neither ${CYCLES} nor ${CLOCK} here`);
  const missing = [CYCLES, ...COUNTERS].filter((name) => !counted.has(name));
  const notes: string[] = [];
  if (missing.length > 0) {
    const instead = event === CLOCK ? `; samples are taken by ${CLOCK}` : '';
    notes.push(`--perf: this machine does not count ${missing.join(', ')}${instead}`);
  }
  if (counted.get(event) === false)
    notes.push(
      `--perf: without the kernel's part, because ${PARANOID} is ${paranoid}; it is there with at most 1 (sudo sysctl kernel.${PARANOID}=1)`,
    );
  return {
    plan: {
      event,
      counters: COUNTERS.filter((name) => counted.has(name)),
      frequencyHz: Math.min(FREQUENCY_HZ, readNumber(LIMIT) ?? FREQUENCY_HZ),
    },
    notes,
  };
}

function refuse(why: string): FoundPerf {
  return { plan: null, notes: [`--perf: nothing is sampled, because ${why}`] };
}

/** The events that `perf stat -x,` has counted, and whether it did so in the kernel, too. */
function readCounted(text: string): Map<string, boolean> {
  const counted = new Map<string, boolean>();
  for (const line of text.split('\n')) {
    const [value = '', , name = ''] = line.split(',');
    if (!/^[\d.]+$/.test(value)) continue;
    const [event = '', modifiers = ''] = name.split(':');
    counted.set(event, !modifiers.includes('u'));
  }
  return counted;
}

function readNumber(path: string): number | null {
  try {
    const value = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isNaN(value) ? null : value;
  } catch {
    return null;
  }
}
