import type { Delta, Verdict } from '../../model.js';
import { html, type Markup } from './markup.js';
import { showPercent, showSigned } from './numbers.js';

const SIGNS: Readonly<Record<Verdict, string>> = { faster: '▼', slower: '▲', same: '=', unsure: '?' };

/** A verdict as a word with a sign of its own, so that colour is never what tells it. */
export function showVerdict(verdict: Verdict | null): Markup {
  if (verdict === null) return html`<span class="verdict none">no verdict</span>`;
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</span>`;
}

/** A reason as it stands behind its verdict: without the verdict that some reasons begin with. */
export function withoutVerdict(reason: string): string {
  return reason.replace(/^unsure \(([^)]*)\)/, '$1').replace(/^unsure[;:] /, '');
}

/** `−62.3% [−62.9, −61.7]`: the change and its 95 % interval, less prominent where there is no verdict. */
export function showChange(delta: Delta): Markup {
  const interval =
    delta.low === null || delta.high === null
      ? null
      : html` <span class="bounds">[${showSigned(delta.low)}, ${showSigned(delta.high)}]</span>`;
  return html`<span class="percent${delta.verdict === null ? ' quiet' : ''}">${showPercent(delta.percent)}${interval}</span>`;
}
