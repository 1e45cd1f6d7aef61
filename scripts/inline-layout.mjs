// Writes the constants of dist/runtime/memory/layout.js into the modules that import them, as numbers. An imported constant
// takes V8 seven bytes of bytecode with its check for use before definition, a number two: with names, the recorder
// grows beyond what V8 inlines into measured functions, which costs a fifth of a measured call.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const IMPORT = /import \{([^}]*)\} from '\.[./\w]*\/layout\.js';/;

/** @param {string} dist the compiled package */
export async function inlineLayout(dist) {
  const folder = join(dist, 'runtime');
  const layout = await import(pathToFileURL(join(folder, 'memory', 'layout.js')).href);
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    const code = name.endsWith('.js') ? readFileSync(path, 'utf8') : '';
    const names = IMPORT.exec(code)?.[1]
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    if (names === undefined) continue;
    const anyName = new RegExp(`\\b(?:${names.join('|')})\\b`, 'g');
    writeFileSync(
      path,
      code.replace(IMPORT, '').replace(anyName, (constant) => {
        if (typeof layout[constant] !== 'number')
          throw new Error(`${name}: ${constant} of layout.js is no number`);
        return String(layout[constant]);
      }),
    );
  }
}
