import type { Db } from '../ports.ts'
import { once } from './once.ts'

/** How sends ended whose outcome nobody knew, in all businesses; `open` and `unresolved` have not ended (reliability 1.3). */
export type Doubts = {
  readonly how:
    | 'open'
    | 'unresolved'
    | 'withdrawn'
    | 'same_key'
    | 'look_up'
    | 'resend'
    | 'late_answer'
    | 'person'
  readonly effects: number
  readonly resends: number
}

export async function doubtsOf(db: Db): Promise<Doubts[]> {
  return once(db, 'metrics.doubts', 'claim')<Doubts>`select how, effects, resends from app.doubts()`
}
