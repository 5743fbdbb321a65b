import { Refusal } from '../core/refusal.ts'
import { type Instant, isoOf } from '../core/time/instant.ts'
import type { LocalDate } from '../core/time/local.ts'
import type { AnchorValue } from '../core/wedding/anchor.ts'
import { strangeDay } from '../core/wedding/believable.ts'

/** The day in Greenwich: a slip of the finger is years away, not hours. */
export const roughDay = (at: Instant): LocalDate => isoOf(at).slice(0, 10) as LocalDate

/** Refuses dates of a couple that nobody can have meant; `path` leads to each. */
export function mustBeBelievable(
  now: Instant,
  dates: readonly { readonly path: string; readonly value: AnchorValue | null }[],
): void {
  const problems = dates.flatMap(({ path, value }) => {
    const day = value === null ? null : value.is === 'moment' ? roughDay(value.at) : value.on
    const message = day === null ? null : strangeDay(day, roughDay(now))
    return message === null ? [] : [{ code: 'strange_day', severity: 'error' as const, path, message }]
  })
  const [first] = problems
  if (first) throw new Refusal('invalid', first.message, {}, problems)
}
