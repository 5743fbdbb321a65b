import { type Instant, instant } from './instant.ts'

/** A quarter of a year in UTC: long enough that three years are a dozen, short enough to let go of one at a time. */
export type Quarter = { readonly name: string; readonly from: Instant; readonly until: Instant }

const QUARTERS = 4
const MONTHS = 3

export const quarterOf = (at: Instant): Quarter => {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC')
  return quarterAt(date.year * QUARTERS + Math.floor((date.month - 1) / MONTHS))
}

/** All quarters from the one that holds the first moment to the one that holds the last. */
export function quartersBetween(first: Instant, last: Instant): Quarter[] {
  const quarters = [quarterOf(first)]
  for (let newest = quarters[0]!; newest.until <= last; quarters.push(newest))
    newest = quarterOf(newest.until)
  return quarters
}

/** Reads a name such as 2027q1; null when it is none. */
export function quarterNamed(name: string): Quarter | null {
  const match = /^(\d{4})q([1-4])$/.exec(name)
  return match ? quarterAt(Number(match[1]) * QUARTERS + Number(match[2]) - 1) : null
}

function quarterAt(index: number): Quarter {
  const year = Math.floor(index / QUARTERS)
  return {
    name: `${String(year).padStart(4, '0')}q${(index % QUARTERS) + 1}`,
    from: startOf(index),
    until: startOf(index + 1),
  }
}

const startOf = (index: number): Instant =>
  instant(
    Temporal.ZonedDateTime.from({
      year: Math.floor(index / QUARTERS),
      month: (index % QUARTERS) * MONTHS + 1,
      day: 1,
      timeZone: 'UTC',
    }).epochMilliseconds,
  )
