import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The page's style and script: files of the package, so that editors and linters know them for what they are. */
export const PAGE_STYLE = readAsset('page.css');
export const PAGE_SCRIPT = readAsset('page.js');

/** The only style and script that the page may run, by hash; nothing may be loaded, framed or sent anywhere. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src '${hash(PAGE_STYLE)}'`,
  `script-src '${hash(PAGE_SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function readAsset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
