/** What the hooks thread needs to know. */
export interface EntryMapping {
  /** The URL that Node makes of our option. */
  readonly from: string;
  /** The URL of the real script. */
  readonly to: string;
}
