/** Beyond this Φ is 0 or 1 to double precision for every use here, and the series below loses its digits. */
const FAR_TAIL = 8;

/** Φ(x), by the series of Marsaglia (Evaluating the Normal Distribution, Journal of Statistical Software, 2004). */
export function normalCdf(x: number): number {
  if (x < -FAR_TAIL) return 0;
  if (x > FAR_TAIL) return 1;
  let sum = x;
  let term = x;
  for (let i = 3, previous = 0; sum !== previous; i += 2) {
    previous = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.5 * Math.log(2 * Math.PI));
}

/** The x with Φ(x) = p, by bisection: it is asked a handful of times per report. */
export function normalQuantile(p: number): number {
  let low = -FAR_TAIL;
  let high = FAR_TAIL;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
