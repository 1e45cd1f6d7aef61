import { readProcessStat } from '../../shared/process-stat.js';

/** Of {@link readProcessStat}. */
const GROUP_FIELD = 2;
const FOREGROUND_GROUP_FIELD = 5;

/** Whether this process is in its terminal's foreground, where Ctrl-C reaches it and the processes below it alike. */
export function isInForeground(): boolean {
  try {
    const fields = readProcessStat('self');
    return fields[GROUP_FIELD] === fields[FOREGROUND_GROUP_FIELD];
  } catch {
    // no Linux: whoever reads or writes a terminal is taken for one in its foreground
    return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  }
}
