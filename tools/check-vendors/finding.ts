/** What a vendor's grammar says against one line of a text. */
export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly says: string;
  /** Whether it is only a word of a later version than the grammar knows. */
  readonly isBeyond: boolean;
}
