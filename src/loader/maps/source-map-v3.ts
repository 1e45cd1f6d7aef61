/** A source map, version 3, as JSON has it. */
export interface SourceMapV3 {
  readonly version: number;
  readonly file?: string;
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}
