/** What the tests take from README.md: its commands, by language of their blocks, and its generated parts. */
import { readFileSync } from 'node:fs';

export const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The texts of the fenced blocks of one language, in order. */
export function codeBlocks(language: string): string[] {
  return [...README.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text]) => text!);
}

/** Every command that a reader could copy: lines of shell blocks, and what the CI recipes run. */
export function commands(): string[] {
  const shell = codeBlocks('sh').flatMap((block) =>
    block.split('\n').map((line) => line.replace(/\s+#.*$/, '')),
  );
  const recipes = codeBlocks('yaml').flatMap((block) =>
    [...block.matchAll(/^\s*- (?:run: )?(np[mx] .*)$/gm)].map(([, command]) => command!),
  );
  return [...shell, ...recipes].filter((command) => command !== '');
}

/** What stands between `<!-- name -->` and `<!-- /name -->` of a page, a path within the repository. */
export function generatedPart(page: string, name: string): string {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const part = text.split(`<!-- ${name} -->\n`)[1]?.split(`<!-- /${name} -->`)[0];
  if (part === undefined)
    throw new Error(`${page} has no part between <!-- ${name} --> and <!-- /${name} -->`);
  return part.trim();
}
