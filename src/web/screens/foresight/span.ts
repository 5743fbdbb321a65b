import { addDays, type Day, isDay } from '../../../ui/month.ts'

/** Which days are looked at, as the address says it: "90" are the last ninety, "2026-05-01..2026-05-31" those. */
export const SPANS = { '7': '7 days', '30': '30 days', '90': '90 days', '365': 'A year' } as const
export type Spans = keyof typeof SPANS
export type Span = { readonly is: Spans | 'own'; readonly from: Day; readonly to: Day }

const USUAL = '30'
/** No more is answered at once. */
export const SPAN_DAYS_MAX = 400

export function spanIn(said: string | undefined, today: Day): Span {
  const [from = '', to = ''] = (said ?? '').split('..')
  if (isDay(from) && isDay(to) && from <= to && to <= today && from > addDays(to, -SPAN_DAYS_MAX))
    return { is: 'own', from, to }
  const is = said !== undefined && Object.hasOwn(SPANS, said) ? (said as Spans) : USUAL
  return { is, from: addDays(today, 1 - Number(is)), to: today }
}

/** The other way round; nothing where it is what one sees anyway. */
export const spanSaid = ({ is, from, to }: Span): { days?: string } =>
  is === 'own' ? { days: `${from}..${to}` } : is === USUAL ? {} : { days: is }
