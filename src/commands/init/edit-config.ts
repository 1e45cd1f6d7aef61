const PLUGINS = /(^|[\s{,])((?:plugins|esbuildPlugins)\s*:\s*\[)/;
const EXPORTED_OBJECT = /(export\s+default\s+(?:[\w$]+\(\s*)?\{|module\.exports\s*=\s*(?:[\w$]+\(\s*)?\{)/;

/** What is to be written into a configuration. */
export interface ConfigLines {
  /** `import ttprof from 'ttprof/vite';` */
  readonly importLine: string;
  /** `ttprof()` in the list of plugins, by the name that the tool has for it. */
  readonly listName: string;
}

/** @param imported such as `ttprof/vite` @param file name of the configuration */
export function linesFor(imported: string, file: string, isCommonJs: boolean): ConfigLines {
  return {
    importLine: isCommonJs
      ? `const { default: ttprof } = require('${imported}');`
      : `import ttprof from '${imported}';`,
    listName: file.startsWith('tsup.') ? 'esbuildPlugins' : 'plugins',
  };
}

/**
 * Adds the plugin to a configuration, before all others.
 * @returns null where its shape is none that can be edited without understanding it
 */
export function editConfig(text: string, { importLine, listName }: ConfigLines): string | null {
  const list = PLUGINS.exec(text);
  if (list !== null && list[2]!.startsWith(listName)) {
    const at = list.index + list[0].length;
    const rest = text.slice(at);
    return addImport(`${text.slice(0, at)}ttprof()${/^\s*\]/.test(rest) ? '' : ', '}${rest}`, importLine);
  }
  const object = EXPORTED_OBJECT.exec(text);
  if (object === null || list !== null) return null;
  const at = object.index + object[0].length;
  return addImport(`${text.slice(0, at)}\n  ${listName}: [ttprof()],${text.slice(at)}`, importLine);
}

/** A configuration where there is none. */
export function newConfig({ importLine, listName }: ConfigLines): string {
  return `${importLine}\n\nexport default {\n  ${listName}: [ttprof()],\n};\n`;
}

function addImport(text: string, importLine: string): string {
  const top = /^(?:#![^\n]*\n)?(?:\s*(?:'use strict'|"use strict");?\n)?/.exec(text)![0];
  return `${top}${importLine}\n${text.slice(top.length)}`;
}
