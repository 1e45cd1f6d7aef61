/** A median of fewer calls is chance … */
const MIN_CALLS = 5;
/** … and a line through fewer powers of two says nothing of the next. */
const MIN_POWERS = 3;
/** Student's t for 95 %, two-sided, with 1 to 14 degrees of freedom: there are at most 16 points. */
const STUDENT_T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
];
/** Least squares over the logarithms; null where the points are too few or too near to each other. */
export function fitPower(points) {
  const used = points.filter(({ value, ns, calls }) => value > 0 && ns > 0 && calls >= MIN_CALLS);
  if (new Set(used.map(({ value }) => Math.floor(Math.log2(value)))).size < MIN_POWERS) return null;
  const x = used.map(({ value }) => Math.log(value));
  const y = used.map(({ ns }) => Math.log(ns));
  const mean = (all) => all.reduce((total, one) => total + one, 0) / all.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = mean(x.map((one) => (one - meanX) ** 2)) * used.length;
  const exponent = mean(x.map((one, i) => (one - meanX) * (y[i] - meanY))) * (used.length / spread);
  const residuals = mean(y.map((one, i) => (one - meanY - exponent * (x[i] - meanX)) ** 2)) * used.length;
  const freedom = used.length - 2;
  const t = STUDENT_T[Math.min(freedom, STUDENT_T.length) - 1];
  const half = t * Math.sqrt(residuals / freedom / spread);
  return { exponent, low: exponent - half, high: exponent + half };
}
