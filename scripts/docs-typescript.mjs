// Hooks for typedoc, which needs the classic API of TypeScript that version 7 does not have: what imports `typescript`
// gets the aliased 5.9.
export function resolve(specifier, context, next) {
  return next(specifier.replace(/^typescript(?=\/|$)/, 'typescript-5.9'), context);
}
