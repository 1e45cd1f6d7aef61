export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** @returns the median of values, and an interval that holds the true one in 95 % of cases (order statistics) */
export function describe(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = 0.98 * Math.sqrt(sorted.length);
  const at = (index) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(index)))];
  const middle = (sorted.length - 1) / 2;
  return { median: at(middle), low: at(middle - half), high: at(middle + half) };
}
