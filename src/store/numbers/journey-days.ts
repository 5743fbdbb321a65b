import { endedRuns } from './ended.ts'
import type { NumberOf } from './number.ts'

/** How long those were on their way, in days, who came to the end of their journey. */
export const journeyDays: NumberOf = async (sql, span) => {
  const { arrived, days } = await endedRuns(sql, span)
  return { value: days, of: arrived }
}
