import { endedRuns } from './ended.ts'
import type { NumberOf } from './number.ts'

/** Of all that ended: how many came to the end of their journey. */
export const journeysArrived: NumberOf = async (sql, span) => {
  const { ended, arrived } = await endedRuns(sql, span)
  return { value: arrived, of: ended }
}
