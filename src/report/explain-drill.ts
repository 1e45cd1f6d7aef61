import { INLINED } from '../runtime/contract.js';
import { isOfWildcard } from './formats/table/select-functions.js';
import { isOftenInlined } from './inside/often-inlined.js';
import type { FunctionStats } from './model.js';

/**
 * What is to be known of sampled functions, one line each.
 * @param names names functions in a sentence
 */
export function explainDrill(
  functions: readonly FunctionStats[],
  names: (functions: readonly FunctionStats[]) => string,
): string[] {
  const notes: string[] = [];
  const drilled = functions.some(({ drill }) => drill);
  if (drilled) {
    notes.push(
      'the sampler of --drill slows the program down: its times give no verdicts; leave it out to compare',
    );
  }
  // of those that a wildcard names some are always short
  const unmet = functions.filter((f) => f.calls > 0 && f.drill?.samples === 0 && !isOfWildcard(f));
  if (unmet.length > 0) {
    notes.push(
      `${names(unmet)}: --drill took no sample there; ` +
        'let the program call more of it, or sample more often by --drill-interval',
    );
  }
  if (functions.some(({ drill }) => drill && isOftenInlined(drill))) {
    notes.push(
      `${INLINED}: V8 had inlined the target there and does not tell what of it ran; ` +
        'run once more with NODE_OPTIONS=--no-turbo-inlining to see it, slower',
    );
  }
  return notes;
}
