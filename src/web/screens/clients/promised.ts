import type { z } from 'zod'
import type { clientPromises } from '../../../contract/promises.ts'
import { capital, inWords } from '../../times.ts'

/** How it is told what was promised and what came of it. */
export type Promises = z.infer<typeof clientPromises.answer>
export type PromiseRow = Promises['items'][number]
export type Counts = Promises['counts']

export const overIn = ({ kept, late, left_out, not_delivered }: Counts): number =>
  kept + late + left_out + not_delivered

/** "Forty-one of forty-three promises came on time." Of none that is over there is nothing to say. */
export const onTime = (counts: Counts): string => share(counts, 'came on time')
export const wereKept = (counts: Counts): string =>
  share(counts, counts.kept === 1 ? 'was kept' : 'were kept')

function share(counts: Counts, what: string): string {
  const { kept } = counts
  const all = overIn(counts)
  if (all === 1) return kept === 1 ? `The one promise ${what}.` : 'The one promise was not kept.'
  if (kept === all) return `${all === 2 ? 'Both' : `All ${inWords(all)}`} promises ${what}.`
  return `${kept === 0 ? 'None' : capital(inWords(kept))} of ${inWords(all)} promises ${what}.`
}

/** "One came late, one was left out." */
export function otherwise(counts: Counts): string | null {
  const { late, left_out, not_delivered } = counts
  const isOnly = overIn(counts) === 1
  const many = (count: number): string => (isOnly ? 'it' : inWords(count))
  const parts = [
    ...(late > 0 ? [`${many(late)} came late`] : []),
    ...(left_out > 0 ? [`${many(left_out)} ${left_out === 1 ? 'was' : 'were'} left out`] : []),
    ...(not_delivered > 0 ? [`${many(not_delivered)} did not arrive`] : []),
  ]
  return parts.length === 0 ? null : `${capital(parts.join(', '))}.`
}

const HOUR = 60
const DAY = 24 * HOUR
/** "Two hours late": as exactly as it matters. */
export function lateWords(minutes: number): string {
  const [amount, unit] =
    minutes < HOUR
      ? ([minutes, 'minute'] as const)
      : minutes < 2 * DAY
        ? ([Math.floor(minutes / HOUR), 'hour'] as const)
        : ([Math.floor(minutes / DAY), 'day'] as const)
  return capital(`${inWords(amount)} ${unit}${amount === 1 ? '' : 's'} late`)
}
