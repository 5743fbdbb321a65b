import type { Branded } from '../ids.ts'

/** A moment, in milliseconds since 1970 UTC. Never carries a zone; never a calendar day. */
export type Instant = Branded<number, 'Instant'>

export const instant = (epochMs: number): Instant => epochMs as Instant

/** Reads an ISO instant with an offset or Z ("2027-05-01T08:00:00Z"). Throws a RangeError on anything else. */
export const instantFrom = (iso: string): Instant => Temporal.Instant.from(iso).epochMilliseconds as Instant

export const isoOf = (at: Instant): string => new Date(at).toISOString()

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export const plusMs = (at: Instant, ms: number): Instant => (at + ms) as Instant
export const earliest = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : a < b ? a : b
