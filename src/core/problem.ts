/** One thing that is wrong, where it is, and what would mend it. Everything wrong is told at once. */
export type Problem = {
  code: string
  /** Errors block publishing; warnings come from the linter and do not. */
  severity: 'error' | 'warning'
  message: string
  /** A JSON pointer into the document, a line and column of a CSV, or the name of a setting. */
  path: string
  node?: string
  fix?: { label: string; change: unknown }
  /** The room of the app in which it is mended, where that is not the document. */
  mendAt?: 'settings/letters'
}
