import type { Branded } from '../ids.ts'

/** A calendar day without a zone, "2027-06-12". */
export type LocalDate = Branded<string, 'LocalDate'>
/** A wall-clock time without a zone, "09:00". */
export type LocalTime = Branded<string, 'LocalTime'>
/** An IANA zone, "Europe/Rome". */
export type Zone = Branded<string, 'Zone'>
/** 1 = Monday … 7 = Sunday, as ISO 8601 counts. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/**
 * What a clock on the wall shows, day and time together, in milliseconds as if the wall hung in Greenwich.
 * Never an instant: two places read the same wall at different moments, and some walls are never read at all.
 */
export type Wall = Branded<number, 'Wall'>
