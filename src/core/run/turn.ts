import type { Instant } from '../time/instant.ts'
import type { Decision } from './decision.ts'
import type { Effect } from './effect.ts'
import type { Run } from './run.ts'

/** The answer of `advance`: the run as it is now, what follows from it, when it wants to be asked again, and why. */
export type Turn = {
  readonly after: Run
  readonly effects: readonly Effect[]
  readonly due: Instant | null
  readonly because: readonly Decision[]
}
