/** What a pattern of functions' names matches: `*` stands for any characters. */
export function wildcardToRegExp(pattern: string): RegExp {
  const literals = pattern.split(/\*+/).map((literal) => literal.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`^${literals.join('[\\s\\S]*')}$`);
}
