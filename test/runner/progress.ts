/** What a run tells whoever supervises it. */
export type Progress =
  | { readonly kind: 'begin' | 'end'; readonly name: string }
  /** The process is about to exit with that code: nothing is left to be done. */
  | { readonly kind: 'exit'; readonly code: number };
