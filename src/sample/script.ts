import type { Typed } from '../core/form/answers.ts'
import type { JsonObject } from '../core/ids.ts'
import { addDays } from '../core/time/calendar.ts'
import { type Instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../core/time/local.ts'
import { instantOf } from '../core/time/zone.ts'
import { addressOf, type SampleCouple } from './book.ts'
import { halfOf, typedBy } from './questionnaire.ts'

/** What happens to each couple, and when: what they do, and what their photographer notes. */
export type Happening = { readonly at: Instant; readonly couple: SampleCouple } & (
  | { readonly is: 'asks' }
  | { readonly is: 'event'; readonly type: string; readonly data: JsonObject }
  | { readonly is: 'stage'; readonly stage: string }
  | { readonly is: 'tag'; readonly tag: string }
  | { readonly is: 'fills'; readonly typed: Typed; readonly sends: boolean }
)

const LATE_DAYS = 9
const DEPOSIT = 60_000
const BALANCE = 190_000

const LAST_ASKED_AGO_MS = 40 * MINUTE_MS

/**
 * What has happened until now, in the order in which it happened. Whoever would ask later today has just done so: the
 * book is whole at night, too.
 */
export function scriptOf(book: readonly SampleCouple[], until: Instant): readonly Happening[] {
  return book
    .flatMap((couple, index) => lifeOf(couple, index))
    .map((one) =>
      one.is === 'asks'
        ? { ...one, at: Math.min(one.at, plusMs(until, -LAST_ASKED_AGO_MS)) as Instant }
        : one,
    )
    .filter(({ at }) => at <= until)
    .sort((a, b) => a.at - b.at)
}

function lifeOf(couple: SampleCouple, index: number): Happening[] {
  // At hours of their own, so that not everybody writes at nine.
  const on = (day: LocalDate, hour: string): Instant =>
    plusMs(instantOf(day, hour as LocalTime, couple.zone as Zone), (index % 53) * MINUTE_MS)
  const happened = (day: LocalDate, hour: string, type: string, data: JsonObject = {}): Happening => ({
    at: on(day, hour),
    couple,
    is: 'event',
    type,
    data,
  })
  const { asked, wedding, ways, answers } = couple
  const asks: Happening = { at: on(asked, index % 2 === 0 ? '19:10' : '08:20'), couple, is: 'asks' }
  const call = happened(addDays(asked, 1), '12:15', 'meeting_booked', { meeting: 'first_call' })
  if (ways === 'silent') return [asks]
  if (ways === 'talking') return [asks, call]
  if (ways === 'lost')
    return [asks, { at: on(addDays(asked, 5), '17:30'), couple, is: 'stage', stage: 'lost' }]

  const later = answers === 'late' ? LATE_DAYS : 0
  const answered = (day: LocalDate, hour: string, type: string, data: JsonObject): Happening[] =>
    answers === 'never' ? [] : [happened(addDays(day, later), hour, type, data)]
  const { saves, sends } = couple.questionnaire
  const typed = typedBy(couple, index, addressOf(couple.b, couple))
  const fills = [
    ...(saves
      ? [{ at: on(saves, '20:15'), couple, is: 'fills', typed: halfOf(typed), sends: false } as const]
      : []),
    ...(sends ? [{ at: on(sends, '21:05'), couple, is: 'fills', typed, sends: true } as const] : []),
  ]
  const paidOn = answers === 'never' ? addDays(wedding, -19) : addDays(wedding, later === 0 ? -33 : -27)
  return [
    asks,
    call,
    happened(addDays(asked, 6), '18:40', 'contract_signed'),
    happened(addDays(asked, 8), '10:20', 'payment_received', { instalment: 'retainer', amount: DEPOSIT }),
    ...answered(addDays(asked, 15), '20:10', 'form_submitted', { form: 'getting_to_know' }),
    ...fills,
    ...answered(addDays(wedding, -26), '13:25', 'meeting_booked', { meeting: 'final_call' }),
    happened(paidOn, '09:45', 'payment_received', { instalment: 'balance', amount: BALANCE }),
    { at: on(addDays(wedding, 2), '09:30'), couple, is: 'stage', stage: 'after' },
    ...(index === 4
      ? [{ at: on(addDays(wedding, 20), '11:00'), couple, is: 'tag', tag: 'complaint' } as const]
      : []),
    ...(index % 2 === 0
      ? [happened(addDays(wedding, 47), '20:40', 'review_received', { platform: 'google', rating: 5 })]
      : []),
  ]
}
