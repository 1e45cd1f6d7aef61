import type { Config } from '../config/config.js';
import { requireIsolated } from '../loader/isolation.js';
import type * as Allocating from '../runtime/inside/allocating.js';
import type { AllocationMode } from '../runtime/modes/modes.js';

/** What reads the bytes that calls allocate, under `--alloc`; nothing of it is loaded otherwise. */
export function loadAllocation({ alloc }: Config): AllocationMode | null {
  if (!alloc) return null;
  return requireIsolated<typeof Allocating>(new URL('../runtime/inside/allocating.js', import.meta.url));
}
