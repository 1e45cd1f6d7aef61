/** A package that holds a file. */
export interface Package {
  readonly name: string;
  /** `/`-separated, without a slash at the end. */
  readonly root: string;
  readonly exports: unknown;
}

/** What is known of the files that targets can mean. All paths are absolute and `/`-separated. */
export interface ModuleFiles {
  /** The files that a path means, with or without extension, also by their real paths; null where none is known. */
  find(path: string): ReadonlySet<string> | null;
  /** The packages whose folders hold a file, up to the nearest `node_modules`, innermost first. */
  packagesOf(file: string): readonly Package[];
  /** Are names that differ in case the same file's? */
  readonly ignoresCase: boolean;
}

export const NODE_MODULES = '/node_modules/';

/** Where nobody looks at the disk: a file's name says which package in a `node_modules` it belongs to. */
export const FILES_BY_NAME: ModuleFiles = {
  find: () => null,
  ignoresCase: process.platform === 'win32',
  packagesOf(file) {
    const at = file.lastIndexOf(NODE_MODULES);
    if (at === -1) return [];
    const inside = file.slice(at + NODE_MODULES.length);
    const name = packageNameOf(inside);
    return name.length === inside.length
      ? []
      : [{ name, root: file.slice(0, file.length - inside.length + name.length), exports: null }];
  },
};

/** The files (`./dist/a.js`) that `exports` gives for a subpath (`./a`), under any condition. */
export function exportedFiles(exports: unknown, subpath: string): string[] {
  if (typeof exports !== 'object' || exports === null) return [];
  const files: string[] = [];
  const collect = (value: unknown, star: string) => {
    if (typeof value === 'string') files.push(value.replaceAll('*', star));
    else if (Array.isArray(value)) for (const one of value) collect(one, star);
    else if (typeof value === 'object' && value !== null)
      for (const one of Object.values(value)) collect(one, star);
  };
  for (const [key, value] of Object.entries(exports)) {
    if (key === subpath) collect(value, '');
    const [before, after] = key.split('*');
    if (after === undefined || !subpath.startsWith(before!) || !subpath.endsWith(after)) continue;
    collect(value, subpath.slice(before!.length, subpath.length - after.length));
  }
  return files;
}

/** `@scope/name` or `name` of `name/sub/path`. */
export function packageNameOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
