import { Refusal } from '../../core/refusal.ts'
import { addDays } from '../../core/time/calendar.ts'
import type { LocalDate } from '../../core/time/local.ts'
import { localDateOf, startOfDay } from '../../core/time/zone.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import type { Sql } from '../../ports.ts'
import type { Standing } from '../frame/route.ts'

const SPAN_DAYS_MAX = 400
const USUAL_DAYS = 30

type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

/** Whole days of the business: from the first one's beginning to the last one's end, and as many days before. */
export async function spanOf({ engine, vendor, now }: Standing, sql: Sql, query: Days) {
  const zone = await homeZone(engine, sql, vendor)
  const last = (query.to ?? localDateOf(now, zone)) as LocalDate
  const first = (query.from ?? addDays(last, 1 - USUAL_DAYS)) as LocalDate
  const days = 1 + (Date.parse(last) - Date.parse(first)) / 86_400_000
  if (days < 1) throw new Refusal('invalid', 'The range ends before it begins.')
  if (days > SPAN_DAYS_MAX)
    throw new Refusal('invalid', `A range has at most ${SPAN_DAYS_MAX} days; ask for a shorter one.`)
  return {
    first,
    last,
    from: startOfDay(first, zone),
    to: startOfDay(addDays(last, 1), zone),
    before: startOfDay(addDays(first, -days), zone),
  }
}
