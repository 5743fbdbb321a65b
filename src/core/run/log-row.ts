import type { Instant } from '../time/instant.ts'
import type { Decision } from './decision.ts'
import type { RunEvent } from './event.ts'
import type { Chosen } from './run.ts'

/** One line of a run's log, read back: what came, and what was decided about it. Lines are never changed. */
export type LogRow = {
  readonly rev: number
  readonly at: Instant
  readonly event: LoggedEvent
  readonly because: readonly Decision[]
}

/** Beside the events of the run itself, the log tells its beginning and what was done to it from outside. */
export type LoggedEvent = RunEvent | Began | Outside<'migrated'> | Outside<'undone'>
/** `chosen`: what a person wanted of its late steps. */
type Began = Outside<'started'> & { readonly chosen?: Chosen }
type Outside<What extends string> = { readonly is: What; readonly at: Instant }
