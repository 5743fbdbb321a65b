import type { z } from 'zod'
import type { CoupleDate, readWedding } from '../../../contract/weddings.ts'
import { tellDay } from '../../../ui/month.ts'
import { capital, dayIn } from '../../times.ts'
import { factName } from '../clients/words.ts'

/** The dates beside the wedding day, as people call them. */
export type DateValue = NonNullable<CoupleDate['value']>
export type LastChange = NonNullable<z.infer<typeof readWedding.answer>['lastChange']>

const KNOWN: { readonly [name: string]: string } = {
  wedding: 'The wedding',
  booking: 'Contract signed',
  inquiry: 'First inquiry',
  first_payment: 'First payment',
  gallery_published: 'Gallery handed over',
}
const spaced = (text: string): string => text.replaceAll('_', ' ')

/** "due:balance" is “Balance due”. */
export function dateWord(name: string): string {
  const [kind = '', own] = name.split(':')
  if (own === undefined) return KNOWN[kind] ?? capital(spaced(kind))
  return capital(kind === 'due' ? `${spaced(own)} due` : spaced(own))
}

/** A date of one's own by the name its rules know it by; "Rehearsal dinner" is custom:rehearsal_dinner. */
export function ownDate(called: string): string | null {
  const name = factName(called)
  return name === null ? null : `custom:${name}`
}

/** A meeting is told as something that happened: booked anew, its date follows by itself. */
export const isTold = (name: string): boolean => name.startsWith('meeting:')

export const sayValue = (value: DateValue, zone: string): string => {
  if (value.is === 'moment') return tellDay(dayIn(new Date(value.at), zone))
  return value.is === 'hour' ? `${tellDay(value.on)}, ${value.at}` : tellDay(value.on)
}

/** The day and hour of a date as fields show them. */
export function fieldsOf(value: DateValue | null, zone: string): { on: string | null; at: string | null } {
  if (value === null) return { on: null, at: null }
  if (value.is === 'moment') return { on: dayIn(new Date(value.at), zone), at: null }
  return { on: value.on, at: value.is === 'hour' ? value.at : null }
}

/** "Payments waits for it", said of the journeys they are on; null where none of them does. */
export function whoWaits(journeys: CoupleDate['journeys']): string | null {
  const on = journeys.filter(({ isOn }) => isOn).map(({ name }) => name)
  if (on.length === 0) return null
  return on.length === 1
    ? `${on[0]} waits for it`
    : `${on.slice(0, -1).join(', ')} and ${on.at(-1)} wait for it`
}

/** What the last change of a wedding did to it and its dates, as a headline; null where it changed other things. */
export function sayChange(
  { from, to, dates, status }: Pick<LastChange, 'from' | 'to' | 'dates' | 'status'>,
  zone: string,
): string | null {
  if (status?.to === 'cancelled') return 'The wedding is cancelled'
  const wedding = dates.find(({ name }) => name === 'wedding')
  if (wedding && from !== to)
    return to
      ? `Moved from ${from ? tellDay(from) : 'no date'} to ${tellDay(to)}`
      : `Held: it was ${from ? tellDay(from) : 'without a date'}`
  const [first] = dates
  if (!first) return null
  const was = first.from && sayValue(first.from, zone)
  const is = first.to && sayValue(first.to, zone)
  const what = first === wedding ? 'The ceremony' : dateWord(first.name)
  if (was === null) return `${what}: ${is}`
  return is === null ? `${what} is taken away: it was ${was}` : `${what}: ${is}, it was ${was}`
}
