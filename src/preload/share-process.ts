import { EXCHANGE_VARIABLE } from '../config/environment.js';
import { requireIsolated } from '../loader/isolation.js';
import type { ExchangeOptions } from '../runtime/contract.js';
import type * as ExchangeMode from '../runtime/modes/exchange-mode.js';
import type { Runtime } from '../runtime/runtime.js';
import { say } from '../shared/say.js';

/**
 * Where `ttprof ab` wants two versions in this process, prepares for it; before the program's modules are loaded.
 * @returns what the loader is to prepare for as well
 */
export function shareProcess({ handle }: Runtime): ExchangeOptions | null {
  const text = process.env[EXCHANGE_VARIABLE];
  if (text === undefined) return null;
  const options = JSON.parse(text) as ExchangeOptions;
  const { createExchange } = requireIsolated<typeof ExchangeMode>(
    new URL('../runtime/modes/exchange-mode.js', import.meta.url),
  );
  handle.exchange = createExchange(options, say);
  return options;
}
