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

test('every folder of src is named in the architecture', () => {
  const folders = readdirSync(join(ROOT, 'src')).filter((name) =>
    statSync(join(ROOT, 'src', name)).isDirectory(),
  );
  const text = read('docs/architecture.md');
  const missing = folders.filter((folder) => !new RegExp(`\`${folder}[/\`]`).test(text));
  assert.deepEqual(missing, []);
});
