/**
 * When a wait is over, reckoned apart from the engine: with the language's own calendar and none of the engine's.
 * Only the rules that the worlds' journeys use; any other is an error and not a guess.
 */
export type Amount = { readonly weeks?: number; readonly days?: number; readonly hours?: number }
export type Rule = {
  readonly after?: Amount
  readonly before?: Amount
  readonly every?: Amount
  readonly next?: string
  readonly of?: string
  readonly at?: string
  readonly zone?: string
  readonly timesMax?: number
}
/** What dates mean for one couple: the wedding's day, or null while it is open, and the two zones. */
export type Dates = { readonly wedding: string | null; readonly venue: string; readonly vendor: string }

/** In a world whose zone data change: places whose clocks go as others'. */
let clocks: Readonly<Record<string, string>> = {}
export function playClocks(as: Readonly<Record<string, string>>): void {
  clocks = as
}

const HOUR_OF_DAY_WITHOUT_ONE = '10:00'

/** Null while the day it hangs on is not known. */
export function momentOf(rule: Rule, from: number, dates: Dates, rounds = 1): number | null {
  const place = rule.zone === 'vendor' ? dates.vendor : dates.venue
  const zone = clocks[place] ?? place
  const { weeks = 0, days = 0, hours = 0, ...rest } = rule.after ?? rule.before ?? rule.every ?? {}
  if (Object.keys(rest).length > 0) throw new Error(`the oracle does not know ${JSON.stringify(rule)}`)
  const sign = rule.before ? -1 : 1
  const hanging = rule.of !== undefined && rule.of !== 'now'
  if (hanging && rule.of !== 'wedding') throw new Error(`the oracle does not know ${rule.of}`)
  if (hanging && dates.wedding === null) return null
  const began = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  if (rule.next !== undefined) return nextTime(began, rule.next)
  const day = hanging ? Temporal.PlainDate.from(dates.wedding!) : began.toPlainDate()
  const dayCounts = rule.after?.days !== undefined || weeks > 0 || days > 0 || rule.every !== undefined
  if (!dayCounts && !hanging) {
    const moved = began.add({ hours })
    return rule.at === undefined ? moved.epochMilliseconds : nextTime(moved, rule.at)
  }
  const wanted = rule.at ?? (hanging ? HOUR_OF_DAY_WITHOUT_ONE : null)
  const moved = day.add({ days: sign * rounds * (weeks * 7 + days) })
  const time = wanted === null ? began.toPlainTime() : Temporal.PlainTime.from(wanted)
  const at = moved.toZonedDateTime({ timeZone: zone, plainTime: time })
  return at.add({ hours: sign * rounds * hours }).epochMilliseconds
}

function nextTime(from: Temporal.ZonedDateTime, time: string): number {
  const today = from.toPlainDate().toZonedDateTime({ timeZone: from.timeZoneId, plainTime: time })
  if (Temporal.ZonedDateTime.compare(today, from) >= 0) return today.epochMilliseconds
  const tomorrow = from.toPlainDate().add({ days: 1 })
  return tomorrow.toZonedDateTime({ timeZone: from.timeZoneId, plainTime: time }).epochMilliseconds
}

/** A countdown is over when the day it counts to begins. */
export function countsToNothing(rule: Rule | undefined, now: number, dates: Dates): boolean {
  if (!rule?.before || dates.wedding === null) return false
  const zone = rule.zone === 'vendor' ? dates.vendor : dates.venue
  const day = Temporal.PlainDate.from(dates.wedding).toZonedDateTime({ timeZone: zone })
  return now >= day.epochMilliseconds
}

export const ruleIn = (value: unknown): Rule | undefined => value as Rule | undefined
