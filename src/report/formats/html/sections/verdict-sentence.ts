import type { Delta, FunctionStats, Report, Verdict } from '../../../model.js';
import { html, type Markup } from '../markup.js';
import { showFunctionName } from '../name.js';
import { showCount, showCounted, showDuration, showPercent, showShare } from '../numbers.js';
import { findBefore } from '../sides.js';
import { withoutVerdict } from '../verdict.js';

type Compared = FunctionStats & { readonly delta: Delta };

/** The one sentence at the top of the page: what a reader in a hurry takes away, and no more than is known. */
export function writeVerdict(report: Report): Markup {
  const compared = report.functions.filter((fn): fn is Compared => fn.delta !== null);
  if (compared.length === 1) return html`${writeOne(compared[0]!, report)}`;
  if (compared.length > 1) return html`${writeMany(compared, report)}`;
  return writeMeasured(report);
}

function writeOne(fn: Compared, report: Report): Markup {
  const { delta } = fn;
  const name = functionName(fn);
  const other = nameOther(delta, fn, report);
  const before = findBefore(fn, report);
  const medians =
    fn.medianNs === null || !before || before.medianNs === null
      ? null
      : html`${showDuration(fn.medianNs)} instead of ${showDuration(before.medianNs)}, `;
  const interval =
    delta.low === null || delta.high === null
      ? ''
      : ` (95% interval ${showPercent(delta.low)} to ${showPercent(delta.high)})`;
  const change = html`${medians}<strong>${showPercent(delta.percent)}</strong>${interval}`;
  const reason = describeReason(delta);
  switch (delta.verdict) {
    case 'faster':
    case 'slower':
      return html`${name} is <strong class="${delta.verdict}">${delta.verdict}</strong> than ${other}: ${change}.`;
    case 'same':
      return html`${name} is <strong>as fast as</strong> ${other}: ${change}, within what counts as the same.`;
    case 'unsure':
      return html`${name} may be faster or slower than ${other}, the measurement <strong>cannot tell</strong>: ${change}${reason}.`;
    default:
      return html`${name} against ${nameReference(fn, report) ?? other}: ${change}, from which <strong>nothing follows</strong>${reason}.`;
  }
}

function describeReason({ reason }: Delta): string {
  return reason === null ? '' : `: ${withoutVerdict(reason)}`;
}

function nameOther(delta: Delta, fn: FunctionStats, report: Report): Markup | string {
  const other = report.functions.find((each) => each.name === delta.against && each !== fn);
  if (other) return functionName(other);
  return report.comparison?.kind === 'base' ? 'at the base' : 'in the baseline';
}

/** What a function, and each other one, is compared with; null where it is not known. */
function nameReference(fn: Compared, report: Report): Markup | string | null {
  switch (report.comparison?.kind) {
    case 'base':
      return 'the base';
    case 'baseline':
      return 'the baseline';
    case 'first':
      return nameOther(fn.delta, fn, report);
    default:
      return null;
  }
}

function writeMany(compared: readonly Compared[], report: Report): Markup {
  const reference = nameReference(compared[0]!, report);
  const withReference = reference === null ? null : html` with ${reference}`;
  const reasons = new Set(compared.map((fn) => fn.delta.reason));
  if (compared.every((fn) => fn.delta.verdict === null)) {
    return html`${showCounted(compared.length, 'function')} were compared${withReference}, but <strong>nothing follows</strong>${reasons.size === 1 ? describeReason(compared[0]!.delta) : ''}.`;
  }
  const count = (verdict: Verdict | null) => compared.filter((fn) => fn.delta.verdict === verdict).length;
  const parts = (
    [
      ['faster', 'faster'],
      ['slower', 'slower'],
      ['same', 'the same'],
      ['unsure', 'unsure'],
      [null, 'without a verdict'],
    ] as const
  ).flatMap(([verdict, words]) => {
    const number = count(verdict);
    if (number === 0) return [];
    const strong = verdict === 'faster' || verdict === 'slower';
    return [
      strong
        ? html`<strong class="${verdict}">${showCount(number)} ${words}</strong>`
        : html`${showCount(number)} ${words}`,
    ];
  });
  const extremes = (['faster', 'slower'] as const).flatMap((verdict) => {
    const [most] = compared
      .filter((fn) => fn.delta.verdict === verdict)
      .sort((a, b) => Math.abs(b.delta.percent) - Math.abs(a.delta.percent));
    return most ? [html`${functionName(most)} ${showPercent(most.delta.percent)}`] : [];
  });
  return html`Of ${showCounted(compared.length, 'function')} compared${withReference}, ${joinWithAnd(parts)}${
    extremes.length > 0 ? html`. Largest change: ${joinWithAnd(extremes)}` : null
  }.`;
}

function writeMeasured(report: Report): Markup {
  const called = report.functions.filter((fn) => fn.calls > 0);
  if (called.length === 0) return html`<strong>Nothing was measured:</strong> ${explainNothing(report)}.`;
  const slowest = called.reduce((most, fn) => (fn.totalNs > most.totalNs ? fn : most));
  const name = functionName(slowest);
  const median =
    slowest.medianNs === null ? '' : `; half of the calls took less than ${showDuration(slowest.medianNs)}`;
  const calls = showCounted(slowest.calls, 'call');
  if (called.length === 1) {
    return html`${name} took <strong>${showDuration(slowest.totalNs)}</strong> in ${calls}${median}.`;
  }
  const share =
    report.run.durationNs > 0 &&
    report.run.runs === 1 &&
    report.run.threads === 1 &&
    report.run.processes === 1 &&
    slowest.kind === 'sync'
      ? `, ${showShare(slowest.totalNs / report.run.durationNs)} of the run`
      : '';
  return html`Of ${showCounted(called.length, 'function')}, ${name} took the most time: <strong>${showDuration(slowest.totalNs)}</strong> in ${calls}${share}${median}.`;
}

function explainNothing({ functions }: Report): string {
  if (functions.length === 0) return 'no target matched a function';
  const unfinished = functions.reduce((sum, fn) => sum + fn.unfinished, 0);
  if (unfinished > 0)
    return `${showCounted(unfinished, 'call')} had begun, and none had ended when the program did`;
  return `the ${functions.length === 1 ? 'function was' : `${showCount(functions.length)} functions were`} never called`;
}

function functionName(fn: FunctionStats): Markup {
  return showFunctionName(fn.name, fn.file);
}

function joinWithAnd(parts: readonly Markup[]): Markup {
  return html`${parts.map((part, i) => html`${i === 0 ? '' : i === parts.length - 1 ? ' and ' : ', '}${part}`)}`;
}
