import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFoldersUp } from '../../shared/folders-up.js';

/** The `type` in the nearest `package.json` above a file, unchecked; undefined where there is none. */
export function packageType(file: string): unknown {
  const manifests = listFoldersUp(dirname(file)).map((folder) => join(folder, 'package.json'));
  const nearest = manifests.find((manifest) => existsSync(manifest));
  if (nearest === undefined) return undefined;
  try {
    return (JSON.parse(readFileSync(nearest, 'utf8')) as { type?: unknown }).type;
  } catch {
    return undefined;
  }
}
