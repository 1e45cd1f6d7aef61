import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { claimFile } from '../../runtime/contract.js';
import type { MeasuredRun } from '../run/measure-run.js';

/*
 * Cores are not equally fast: some machines have two kinds of them, on others a neighbour keeps one of them busy. Two
 * processes that run one at a time tend to stay on a core each, and for tens of milliseconds one of them may be half as
 * fast as the other. So both main threads run on one core. What they start from then on stays there too, which would
 * take the sense out of work in parallel: only where the targets do none, as the first pair shows. Linux only, where
 * `taskset` (util-linux, BusyBox) is there; else nothing happens.
 */

/** Can a run's targets have made use of several cores? Calls that wait for nothing cannot. */
export function needsOneCore({ run: { processes } }: MeasuredRun): boolean {
  const threads = processes.flatMap((process) => process.threads);
  if (processes.length !== 1 || threads.length !== 1) return false;
  return threads[0]!.functions.every(
    ({ kind, promisesReturned }) => (kind === 'sync' || kind === 'generator') && promisesReturned === 0,
  );
}

/**
 * Has both main threads run on one core, which is drawn, as soon as they call a target.
 * @param folder of `openTurnsFolder`
 * @returns ends that
 */
export function shareCore(folder: string): () => void {
  const cores = listCores();
  if (cores.length < 2) return () => {};
  const core = cores[randomInt(cores.length)]!;
  const waitsFor = new Map([claimFile(0), claimFile(1)].map((name) => [name, join(folder, name)]));
  let watcher: FSWatcher | null = null;
  const stop = () => watcher?.close();
  try {
    watcher = watch(folder, { persistent: false }, (_, name) => {
      const path = waitsFor.get(name ?? '');
      if (path === undefined) return;
      const pid = readFileSync(path, 'latin1');
      if (pid === '') return; // not written yet
      waitsFor.delete(name!);
      pin(pid, core);
      // each handing over would wake us
      if (waitsFor.size === 0) stop();
    });
    watcher.on('error', stop);
  } catch {
    // too many watches: the processes run where they like
  }
  return stop;
}

/** The main thread alone: V8's own threads, which are there already, stay where they are. */
function pin(pid: string, core: number): void {
  spawn('taskset', ['-p', '-c', String(core), pid], { stdio: 'ignore' }).on('error', () => {});
}

/** The cores on which this process may run; none where the system does not tell. */
function listCores(): number[] {
  try {
    const [, list = ''] =
      /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    return parseCores(list);
  } catch {
    return [];
  }
}

/** @param list as in `0-3,8` */
export function parseCores(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    if (range === '' || first === undefined || last === undefined) return [];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
