import { formatTime } from '../formats/table/format-time.js';
import type { RunInfo } from '../model.js';

/** Another source of time costs ten times as much or more; a busy machine doubles what one reading seems to cost. */
const CLOCK_FACTOR = 4;

/**
 * What makes two runs hard to compare: another machine, Node or way of measuring. Unknown values differ from nothing.
 * @param nameThere what the first is called
 * @param nameHere what the second is called
 * @returns a note, or none
 */
export function describeDifferences(
  there: RunInfo,
  here: RunInfo,
  nameThere: string,
  nameHere: string,
): string[] {
  const differences: string[] = [];
  const compare = (what: string, left: string, right: string) => {
    if (left !== '' && right !== '' && left !== right) {
      differences.push(`${what} (${left}; ${nameHere}: ${right})`);
    }
  };
  compare('Node', there.node, here.node);
  compare('platform', platform(there), platform(here));
  compare('CPU', there.cpu, here.cpu);
  if (there.cores > 0 && here.cores > 0) compare('cores', String(there.cores), String(here.cores));
  if (there.ttprof !== '' && here.ttprof !== '') compare('options', flags(there), flags(here));
  const [fast, slow] = [there.clockNs, here.clockNs].sort((a, b) => a - b) as [number, number];
  if (fast > 0 && slow > CLOCK_FACTOR * fast) {
    compare('clock', formatTime(there.clockNs), formatTime(here.clockNs));
  }
  if (differences.length === 0) return [];
  return [
    `${nameThere} was measured with another setup: ${differences.join(', ')}; measure both alike to trust a comparison`,
  ];
}

const platform = (run: RunInfo) => (run.platform === '' ? '' : `${run.platform} ${run.arch}`);
const flags = (run: RunInfo) => (run.flags.length === 0 ? 'none' : [...run.flags].sort().join(' '));
