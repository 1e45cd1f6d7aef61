/**
 * Which of several hypotheses are rejected when all of them together may err with probability `alpha` (Holm, A simple
 * sequentially rejective multiple test procedure, Scandinavian Journal of Statistics, 1979).
 * @returns one boolean for each p-value, in their order
 */
export function rejectByHolm(pValues: readonly number[], alpha: number): boolean[] {
  const rejected = pValues.map(() => false);
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  for (const [step, index] of order.entries()) {
    if (pValues[index]! > alpha / (pValues.length - step)) break;
    rejected[index] = true;
  }
  return rejected;
}
