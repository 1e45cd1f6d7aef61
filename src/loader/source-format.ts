/** What Node calls the formats that can be rewritten, and `script` for code without a module system. */
export type SourceFormat = 'module' | 'commonjs' | 'script' | 'module-typescript' | 'commonjs-typescript';
