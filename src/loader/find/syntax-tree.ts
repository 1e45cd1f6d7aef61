import { extname } from 'node:path';
import type { ParserOptions, ParserPlugin } from '@babel/parser';
import type { File, Node } from '@babel/types';
import { reasonOf, TtprofError } from '../../shared/errors.js';
import type { SourceFormat } from '../source-format.js';
import { parse } from './parser.js';

export interface SourceFile {
  /** Absolute path (or URL) of the module: its extension tells the language, messages name it. */
  readonly file: string;
  /** Left out: told from the file's name, then from the syntax. */
  readonly format?: SourceFormat | undefined;
}

type SourceType = NonNullable<ParserOptions['sourceType']>;

const ALWAYS: readonly ParserPlugin[] = [
  'decoratorAutoAccessors',
  'explicitResourceManagement',
  'deferredImportEvaluation',
  'sourcePhaseImports',
  'deprecatedImportAssert',
];

/**
 * Parses a module with whatever syntax it turns out to need.
 * @throws {TtprofError} where it cannot be parsed: names the file, the line and the parser's reason
 */
export function parseSource(source: string, { file, format }: SourceFile): File {
  const sourceType = sourceTypeOf(file, format);
  const options: ParserOptions = {
    sourceType,
    attachComment: false,
    createImportExpressions: false,
    allowUndeclaredExports: true,
    // it may be CommonJS; where that is certain the source type says so
    ...(sourceType === 'unambiguous' ? { allowReturnOutsideFunction: true } : {}),
  };
  let failure: unknown;
  for (const plugins of pluginSets(source, file, format)) {
    try {
      return parse(source, { ...options, plugins: [...ALWAYS, ...plugins] });
    } catch (error) {
      failure ??= error;
    }
  }
  throw new TtprofError(`cannot parse ${file}: ${parserReasonOf(failure)}`);
}

/** Each child of a node, in source order. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const fields = node as unknown as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    if (value === null || typeof value !== 'object' || key === 'loc' || key === 'extra') continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) visit(value);
  }
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && typeof (value as Node).type === 'string';
}

function sourceTypeOf(file: string, format: SourceFormat | undefined): SourceType {
  switch (format) {
    case 'module':
    case 'module-typescript':
      return 'module';
    case 'commonjs':
    case 'commonjs-typescript':
      return 'commonjs';
    case 'script':
      return 'script';
    case undefined:
      if (/\.m[jt]sx?$/.test(file)) return 'module';
      return /\.c[jt]sx?$/.test(file) ? 'commonjs' : 'unambiguous';
  }
}

/** The plugin sets to try, the likeliest first: a second attempt costs as much as the first. */
function pluginSets(source: string, file: string, format: SourceFormat | undefined): ParserPlugin[][] {
  const extension = extname(file.replace(/[?#].*$/, '')).toLowerCase();
  const isTypeScript = format?.endsWith('-typescript') || /^\.[cm]?tsx?$/.test(extension);
  const language: ParserPlugin[] = isTypeScript ? ['typescript'] : [];
  if (extension === '.tsx' || extension === '.jsx') language.push('jsx');
  if (!source.includes('@')) return isTypeScript ? [language] : [language, ['jsx']];
  const standard: ParserPlugin[] = [...language, ['decorators', {}]];
  const legacy: ParserPlugin[] = [...language, 'decorators-legacy'];
  if (isTypeScript) return [legacy, standard];
  return [standard, ['jsx', ['decorators', {}]]];
}

function parserReasonOf(error: unknown): string {
  // Babel ends with `(line:column)`
  return reasonOf(error).replace(/\.? \((\d+):(\d+)\)$/, ' (line $1)');
}
