import { type Instant, instant, MINUTE_MS, plusMs } from '../../core/time/instant.ts'

/**
 * Up to where somebody has heard everything: a snapshot of the database, and when it was taken. It names no process,
 * so that any of them can go on from there.
 */
export type Cursor = { readonly at: Instant; readonly snapshot: string }

/** Older than this, looking at everything again is cheaper than telling what happened. */
export const CURSOR_AGE_MAX_MS = 10 * MINUTE_MS
/**
 * A row bears the moment at which its transaction was thought of. It is committed within this time: a statement is
 * ended after 15 s, a transaction that pauses after 10 s (postgres/client.ts).
 */
const COMMITTED_WITHIN_MS = MINUTE_MS

/** A database that has come further has been at it for longer than there are computers. */
const TRANSACTIONS_MAX = 2n ** 48n

/** Of the lower half of a transaction's number the first three are nobody's; a database refuses to read them. */
const isSomebody = (number: bigint): boolean => number % 2n ** 32n >= 3n

const WRITTEN = /^(\d{1,14})\.(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/

export const writtenCursor = ({ at, snapshot }: Cursor): string => `${at}.${snapshot}`

/** Null when it is none of ours, or too old to be of use. */
export function readCursor(written: string, now: Instant): Cursor | null {
  const [, at, xmin, xmax, running] = WRITTEN.exec(written) ?? []
  if (at === undefined || xmin === undefined || xmax === undefined || running === undefined) return null
  const [low, high] = [BigInt(xmin), BigInt(xmax)]
  const between = running === '' ? [] : running.split(',').map(BigInt)
  const inOrder = between.every((one, i) => one >= low && one < high && (i === 0 || one > between[i - 1]!))
  if (![low, high, ...between].every(isSomebody)) return null
  if (high < low || high > TRANSACTIONS_MAX || !inOrder) return null
  const age = now - Number(at)
  if (age > CURSOR_AGE_MAX_MS || age < -MINUTE_MS) return null
  return { at: instant(Number(at)), snapshot: `${xmin}:${xmax}:${running}` }
}

/** Nothing that the cursor's snapshot did not show bears an earlier moment. */
export const heardFrom = (cursor: Cursor): Instant => plusMs(cursor.at, -COMMITTED_WITHIN_MS)

/** A database that is behind this snapshot is not the one it was taken from. */
export const isAhead = (cursor: Cursor, snapshot: string): boolean => topOf(cursor.snapshot) > topOf(snapshot)
const topOf = (snapshot: string): bigint => BigInt(snapshot.split(':')[1] ?? 0)
