import { relative } from 'node:path';
import type { TargetOutcome } from '../report/model.js';
import type { TargetFacts } from '../runtime/contract.js';
import type { RunSettings } from './settings.js';

const MAX_FILES = 3;

/** Why targets matched nothing, as far as the measurement itself saw it. */
export function explainOutcomes(facts: readonly TargetFacts[], { cwd }: RunSettings): TargetOutcome[] {
  return facts.map(({ target, matched, searched, resembling, reason, suggestions }) => {
    if (matched > 0) return { target, matched, reason: null, suggestions: [] };
    const shown = (files: readonly string[]) =>
      files.slice(0, MAX_FILES).map((file) => relative(cwd, file).replaceAll('\\', '/'));
    return {
      target,
      matched,
      reason:
        reason ??
        (searched.length > 0
          ? `${shown(searched).join(', ')} has no such function`
          : 'no such module was loaded during the measurement'),
      suggestions: suggestions ?? shown(resembling),
    };
  });
}
