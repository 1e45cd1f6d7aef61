import { formatCount, formatCounted } from '../../../shared/text/format-count.js';
import { sum } from '../../aggregate/sums.js';
import type { BreakdownStats, FunctionStats, GroupStats } from '../../model.js';
import { makeVisible } from './display-name.js';
import { shortenMiddle } from './text-width.js';

/** How many texts are shown: those with the largest totals. */
const MAX_SHOWN_TEXTS = 10;
const LABEL_WIDTH = 40;

/** Each function's row, and below it one for each group of its calls. */
export function withGroups(functions: readonly FunctionStats[]): FunctionStats[] {
  return functions.flatMap((f) => [f, ...groupRows(f)]);
}

/** All groups of numbers, the texts with the largest totals. */
export function selectGroups({ kind, groups }: BreakdownStats): readonly GroupStats[] {
  return kind === 'number' ? groups : groups.slice(0, MAX_SHOWN_TEXTS);
}

function groupRows({ by }: FunctionStats): FunctionStats[] {
  if (by === undefined) return [];
  return selectGroups(by).map(({ label, stats }) => ({ ...stats, group: showLabel(label) }));
}

/** What the table leaves out of the breakdowns, one line each. */
export function describeHiddenGroups(functions: readonly FunctionStats[]): string[] {
  return functions.flatMap(({ by }) => {
    const hidden = by === undefined ? [] : by.groups.slice(selectGroups(by).length);
    if (hidden.length === 0) return [];
    const calls = formatCounted(
      sum(hidden, ({ stats }) => stats.calls),
      'call',
    );
    return [`by ${by!.expression}: ${formatCount(hidden.length)} more with ${calls} (all are in --json)`];
  });
}

function showLabel(label: string): string {
  return shortenMiddle(makeVisible(label === '' ? "''" : label), LABEL_WIDTH);
}
