import type { Histogram } from '../../../../runtime/contract.js';
import { binDistribution } from '../../../statistics/distribution-bins.js';
import { countSamples } from '../../../statistics/quantiles.js';
import { html, type Markup, trusted } from '../markup.js';
import { round } from './chart.js';

const WIDTH_PX = 84;
const HEIGHT_PX = 20;
const BINS = 21;

/** A distribution as small bars, as the terminal shows it; nothing for fewer than two samples. */
export function drawSparkline(histogram: Histogram): Markup {
  if (countSamples(histogram) < 2) return html``;
  const shares = binDistribution(histogram, BINS);
  const highest = Math.max(...shares);
  const step = WIDTH_PX / BINS;
  const bars = shares
    .map((share, i) => {
      const height = share === 0 ? 0 : Math.max(1, (share / highest) * HEIGHT_PX);
      return height === 0
        ? ''
        : `M${round(i * step + 0.5)} ${HEIGHT_PX}v-${round(height)}h${round(step - 1)}V${HEIGHT_PX}z`;
    })
    .join('');
  return html`<svg class="spark" width="${WIDTH_PX}" height="${HEIGHT_PX}" aria-hidden="true"><path d="${trusted(bars)}"/></svg>`;
}
