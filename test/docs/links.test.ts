import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const PAGES = [...pagesIn('.'), ...pagesIn('docs'), ...pagesIn('examples')];

/** What GitHub calls the headings of a page, and what the page itself calls its places. */
function listAnchors(page: string): Set<string> {
  const text = readFileSync(page, 'utf8');
  const headings = [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!);
  return new Set([...headings, ...named]);
}

for (const page of PAGES)
  test(`the links of ${page} lead somewhere`, () => {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```|`[^`\n]*`/gms, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, link, attribute]) => link ?? attribute!,
    );
    for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
      const [path, anchor] = link.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path!);
      assert.ok(existsSync(file), `${link}: no such file`);
      if (anchor !== undefined && anchor !== '')
        assert.ok(listAnchors(file).has(anchor), `${link}: no such heading`);
    }
  });
