import type { GroupRecording } from '../../runtime/contract.js';
import type { BreakdownStats, FunctionStats, GroupStats } from '../model.js';
import { fitPower } from '../statistics/fit-power.js';
import type { FunctionParts, Part } from './group-recordings.js';
import { sum } from './sums.js';

/** How many groups of numbers there are at most: neighbouring powers of two are joined until there are no more. */
const MAX_NUMBER_GROUPS = 16;
/** How many texts have a group of their own, as in each thread. */
const MAX_TEXT_GROUPS = 1000;
/** This many powers of two, joined to one group, cover all that a double can hold. */
const ALL_POWERS = 2048;

/** One group of one thread. */
interface Piece {
  readonly part: Part;
  readonly group: GroupRecording;
}

/** Some groups as one. */
interface Joined {
  readonly label: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly pieces: Piece[];
}

/**
 * The calls of one function by the key of `--by`; undefined without.
 * @param describe the statistics of a part of the calls
 */
export function describeBreakdown(
  { name, parts }: FunctionParts,
  describe: (parts: FunctionParts) => FunctionStats,
): BreakdownStats | undefined {
  const expression = parts.find(({ recording }) => recording.by !== undefined)?.recording.by;
  if (expression === undefined) return undefined;
  const pieces = parts.flatMap((part) =>
    (part.recording.groups ?? [])
      .filter(({ recording }) => recording.calls > 0)
      .map((group): Piece => ({ part, group })),
  );
  const of = (...kinds: GroupRecording['kind'][]) => pieces.filter(({ group }) => kinds.includes(group.kind));
  const texts = joinTexts(of('text'));
  const numbers = joinNumbers(of('value', 'range'));
  const leftOut = texts.slice(MAX_TEXT_GROUPS);
  const others = [...of('other'), ...leftOut.flatMap((one) => one.pieces)];
  const errors = of('error');
  const describeGroup = ({ label, low, high, pieces: some }: Joined): GroupStats => {
    const [first, ...rest] = some.map(({ part, group }) => ({ ...part, recording: group.recording }));
    const { delta, ...stats } = describe({ name, parts: [first!, ...rest] });
    return { label, low, high, stats: { ...stats, activeNs: null, delta } };
  };
  const kind = texts.length > 0 || numbers.length === 0 ? 'text' : 'number';
  const special = [
    { label: '(other)', pieces: others },
    { label: '(error)', pieces: errors },
  ].filter((one) => one.pieces.length > 0);
  const ofNumbers = numbers.map(describeGroup);
  return {
    expression,
    kind,
    groups: [
      ...ofNumbers,
      ...texts.slice(0, MAX_TEXT_GROUPS).map(describeGroup),
      ...special.map((one) => describeGroup({ ...one, low: null, high: null })),
    ],
    otherCalls: sum(others, ({ group }) => group.recording.calls),
    errorCalls: sum(errors, ({ group }) => group.recording.calls),
    fit:
      kind === 'number'
        ? fitPower(
            numbers.map(({ pieces: some }, i) => {
              const calls = sum(some, ({ group }) => group.recording.calls);
              const value = sum(some, ({ group }) => group.sum) / calls;
              return { value, ns: ofNumbers[i]!.stats.medianNs ?? 0, calls };
            }),
          )
        : null,
  };
}

/** One for each label: largest totals first, then most own time (calls within others of the function have no totals). */
function joinTexts(pieces: readonly Piece[]): Joined[] {
  const byLabel = new Map<string, Joined>();
  for (const piece of pieces) {
    const { label } = piece.group;
    const joined = byLabel.get(label) ?? { label, low: null, high: null, pieces: [] };
    joined.pieces.push(piece);
    byLabel.set(label, joined);
  }
  const totalNs = (one: Joined) => sum(one.pieces, ({ group }) => group.recording.totalNs);
  const selfNs = (one: Joined) => sum(one.pieces, ({ group }) => group.recording.selfNs);
  return [...byLabel.values()].sort((a, b) => totalNs(b) - totalNs(a) || selfNs(b) - selfNs(a));
}

/** A few distinct values as they are; more of them by powers of two, or of four, and so on. */
function joinNumbers(pieces: readonly Piece[]): Joined[] {
  const isExact = pieces.every(({ group }) => group.kind === 'value');
  const values = new Set(pieces.map(({ group }) => group.low));
  if (isExact && values.size <= MAX_NUMBER_GROUPS)
    return joinBy(pieces, ({ group }) => [group.low, group.low], String);
  for (let step = 1; ; step *= 2) {
    const joined = joinBy(
      pieces,
      ({ group }) => rangeOf(group, step),
      (low, high) => (low === high ? String(low) : `${low} … <${high}`),
    );
    if (joined.length <= MAX_NUMBER_GROUPS || step > ALL_POWERS) return joined;
  }
}

function joinBy(
  pieces: readonly Piece[],
  range: (piece: Piece) => readonly [low: number, high: number],
  name: (low: number, high: number) => string,
): Joined[] {
  const joined = new Map<number, Joined>();
  for (const piece of pieces) {
    const [low, high] = range(piece);
    const one = joined.get(low) ?? { label: name(low, high), low, high, pieces: [] };
    one.pieces.push(piece);
    joined.set(low, one);
  }
  return [...joined.values()].sort((a, b) => a.low! - b.low!);
}

/** From a power of two to the one `step` powers on; 0 is a range of its own, negative ones mirror the positive ones. */
function rangeOf({ low, high }: GroupRecording, step: number): readonly [low: number, high: number] {
  if (low === 0 && high === 0) return [0, 0];
  // of a negative range the upper bound is the one nearer to 0
  const size = low > 0 ? low : low === high ? -low : -high;
  const exponent = Math.floor(exponentOf(size) / step) * step;
  const [from, to] = [2 ** exponent, 2 ** (exponent + step)];
  return low > 0 ? [from, to] : [-to, -from];
}

function exponentOf(size: number): number {
  const exponent = Math.floor(Math.log2(size));
  // log2 can round up just below a power of two
  return 2 ** exponent > size ? exponent - 1 : exponent;
}
