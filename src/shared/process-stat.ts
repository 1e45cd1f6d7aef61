import fs from 'node:fs';

// A copy: the program may replace it, and a target may name it.
const { readFileSync } = fs;

/**
 * What Linux says of a process after its command's name: state, parent, group, session, terminal, the terminal's
 * foreground group, …
 * @throws where there is no such process, or the system is no Linux
 */
export function readProcessStat(pid: number | 'self'): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
