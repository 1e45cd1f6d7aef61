import { fileURLToPath } from 'node:url';

/** The absolute path of a `file:` URL, `?query` and `#hash` aside; null for `data:`, `blob:`, `node:` and the like. */
export function fileOfUrl(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null; // a host, or an encoded slash: no file that Node could have read
  }
}
