import { askedForms } from './asked.ts'
import type { NumberOf } from './number.ts'

/** How long couples took to answer, in days. */
export const answerDays: NumberOf = async (sql, span) => {
  const { answered, days } = await askedForms(sql, span)
  return { value: days, of: answered }
}
