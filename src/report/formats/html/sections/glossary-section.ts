import { html, type Markup } from '../markup.js';

const ENTRIES: readonly (readonly [term: string, meaning: string])[] = [
  [
    'median ± σ',
    'The duration that half of the calls stay below, and the sample standard deviation. The median is exact up to 8,192 calls, beyond that within 0.2% (below 256 ns within half a nanosecond).',
  ],
  [
    'total',
    'Time inside the function. Recursion counts once: only outermost calls add to it. Async calls may overlap, so that totals can exceed the duration of the run.',
  ],
  ['self', 'Total less the time in other measured functions that were called from here.'],
  [
    'active',
    'Of async functions and generators: the part of a call in which its own code ran. The rest was waiting.',
  ],
  [
    'change',
    'The ratio of the medians, less one (of several runs the typical ratio of their medians): −50% is half the time, +100% is twice the time. In brackets its 95% interval: where the true change is likely to lie.',
  ],
  ['faster, slower', 'The whole 95% interval lies beyond the margin.'],
  ['same', 'The whole 90% interval lies inside the margin.'],
  ['unsure', 'Neither: the measurement cannot tell. More runs narrow the interval.'],
  [
    'no verdict',
    'One run on a side says nothing of the noise between runs, which is often larger than a change. Use --runs.',
  ],
  [
    'spread',
    'The shape of the distribution of durations, from fast to slow, in bars of equal width from the 5th to the 95th percentile; the first and the last bar also hold what lies beyond.',
  ],
  [
    'cost of measuring',
    'What reading the clock twice and storing the result adds to a call; calibrated in the same process while it runs and subtracted, unless --raw was given.',
  ],
];

/** What each number means, for those who have not read the manual. */
export function renderGlossarySection(): Markup {
  return html`<section aria-labelledby="glossary-heading"><h2 id="glossary-heading">What the numbers mean</h2><dl class="glossary">${ENTRIES.map(
    ([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`,
  )}</dl></section>`;
}
