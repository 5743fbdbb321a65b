import { addMonths } from '../time/calendar.ts'
import type { LocalDate } from '../time/local.ts'

/**
 * Between which days a date of a couple can lie. Old books are brought in whole, with the couples of a life's work,
 * and nobody books eleven years ahead; what lies beyond is a slip of the finger.
 */
export const DATES_YEARS_BACK_MAX = 30
export const DATES_YEARS_AHEAD_MAX = 10

export const earliestDay = (today: LocalDate): LocalDate => addMonths(today, -12 * DATES_YEARS_BACK_MAX)
export const latestDay = (today: LocalDate): LocalDate => addMonths(today, 12 * DATES_YEARS_AHEAD_MAX)

/** What is strange about this day for a couple, in a sentence that helps; null where nothing is. */
export function strangeDay(on: string, today: LocalDate): string | null {
  const [earliest, latest] = [earliestDay(today), latestDay(today)]
  if (on >= earliest && on <= latest) return null
  const far =
    on < earliest
      ? `more than ${DATES_YEARS_BACK_MAX} years ago`
      : `more than ${DATES_YEARS_AHEAD_MAX} years ahead`
  return `${on} is ${far}: is the year right? A date of a couple lies between ${earliest} and ${latest}.`
}
