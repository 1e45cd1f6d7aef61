/** The `resolve` hook of entry-hook.ts for Nodes whose hooks run in a thread of their own. */
import type { InitializeHook, ResolveHook } from 'node:module';
import type { EntryMapping } from './entry-mapping.js';

let mapping: EntryMapping | null = null;

export const initialize: InitializeHook<EntryMapping> = (data) => {
  mapping = data;
};

export const resolve: ResolveHook = (specifier, context, next) =>
  next(mapping !== null && specifier === mapping.from ? mapping.to : specifier, context);
