// A real program: renders every Markdown document of the packages installed here (some 200 files, over a megabyte)
// with the package `marked`. Where does its time go?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

function render(path) {
  return marked.parse(readFileSync(path, 'utf8'), { async: false });
}

const documents = readdirSync(packages, { recursive: true })
  .filter((name) => name.toLowerCase().endsWith('.md'))
  .map((name) => join(packages, name));

let bytes = 0;
for (const path of documents) bytes += render(path).length;
console.log(`${documents.length} documents, ${(bytes / 1e6).toFixed(1)} MB of HTML`);
