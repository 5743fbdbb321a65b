import { askedForms } from './asked.ts'
import type { NumberOf } from './number.ts'

/** Of the forms that were sent: how many have been answered since. */
export const formsAnswered: NumberOf = async (sql, span) => {
  const { asked, answered } = await askedForms(sql, span)
  return { value: answered, of: asked }
}
