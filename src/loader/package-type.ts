import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The `type` of the nearest `package.json` above a file, whatever stands there. */
export function packageType(file: string): unknown {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) {
      try {
        return (JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown }).type;
      } catch {
        return undefined;
      }
    }
    if (dirname(folder) === folder) return undefined;
  }
}
