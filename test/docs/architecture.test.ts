import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** What stands in code and looks like a path of the repository. */
function listPaths(text: string): string[] {
  return [...text.matchAll(/`([\w.-]+(?:\/[\w.-]*)+|[\w-]+\.(?:ts|mjs|md))`/g)].map(([, path]) => path!);
}

for (const page of ['docs/architecture.md', 'CONTRIBUTING.md']) {
  test(`every file and folder that ${page} names exists`, () => {
    const paths = listPaths(read(page)).filter((path) => !/^node|^import|^npm/.test(path));
    assert.ok(paths.length > 8, `${paths.length} paths`);
    const missing = paths.filter(
      (path) => !existsSync(join(ROOT, 'src', path)) && !existsSync(join(ROOT, path)),
    );
    assert.deepEqual(missing, []);
  });
}

test('every room of the tree is named in the architecture', () => {
  const rooms = readdirSync(join(ROOT, 'src')).filter((name) =>
    statSync(join(ROOT, 'src', name)).isDirectory(),
  );
  const text = read('docs/architecture.md');
  const missing = rooms.filter((room) => !new RegExp(`\`${room}[/\`]`).test(text));
  assert.deepEqual(missing, []);
});

test('links between pages lead somewhere', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md'];
  for (const name of readdirSync(join(ROOT, 'docs'))) if (name.endsWith('.md')) pages.push(`docs/${name}`);
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => join(ROOT, page, '..', target!))
      .filter((path) => !existsSync(path))
      .map((path) => `${page}: ${path.slice(ROOT.length)}`),
  );
  assert.deepEqual(broken, []);
});
