import type { TemplateDocument, TemplatePreview } from '../../../contract/templates.ts'
import { tellDay } from '../../../ui/month.ts'
import { capital, cityOf, inWords, tellMoment } from '../../times.ts'
import { isShown, type Step } from './strip.ts'

/** What the gallery says of its templates, in sentences. */
const TRADE_WORDS: { readonly [trade: string]: string } = {
  photographer: 'Photographer',
  venue: 'Venue',
  planner: 'Planner',
  florist: 'Florist',
  caterer: 'Caterer',
  dj: 'DJ or band',
}
export const tradeWord = (trade: string): string => TRADE_WORDS[trade] ?? capital(trade.replaceAll('_', ' '))

export const isFor = (trade: string, { trades }: Pick<TemplateDocument, 'trades'>): boolean =>
  trades.length === 0 || trades.includes(trade)

export function countWords(steps: readonly Step[]): string {
  const shown = steps.filter((one) => one.what === 'done')
  const critical = shown.filter((one) => one.critical).length
  const count = `${shown.length} ${shown.length === 1 ? 'step' : 'steps'}`
  return critical > 0 ? `${count}, ${critical} critical` : count
}

/** What the dates of this couple do to the plan. */
export function notesOf(steps: readonly Step[]): string[] {
  const merged = steps.filter((one) => one.what === 'merged').length
  const left = steps.filter((one) => one.what === 'left_out').length
  const notes: string[] = []
  if (merged > 0)
    notes.push(
      `${capital(inWords(merged))} ${merged === 1 ? 'step would come late and is' : 'steps would come late and are'} told inside a later message.`,
    )
  if (left > 0)
    notes.push(
      `${capital(inWords(left))} ${left === 1 ? 'step is' : 'steps are'} left out, because ${left === 1 ? 'its moment has' : 'their moments have'} passed for this wedding.`,
    )
  if (steps.some((one) => one.at === null && one.what === 'done'))
    notes.push('What follows after that waits until you have ticked a task.')
  return notes
}

export function forWhom(couple: TemplatePreview['for']): {
  readonly lead: string
  readonly when: string
  readonly rest: string
} {
  const when = `${tellDay(couple.on)} in ${cityOf(couple.zone)}`
  if (couple.name === null)
    return {
      lead: 'Your book has no wedding ahead, so think of one on ',
      when,
      rest: '. This is what each template would do, from today.',
    }
  return {
    lead: `${couple.name} marry on `,
    when,
    rest: `${couple.unattended ? ' and have no journey yet' : ''}. This is what each template would do for them, from today.`,
  }
}

export const stepsShown = (steps: readonly Step[]): readonly Step[] =>
  steps.filter((one) => isShown(one) || (one.at === null && one.what === 'done'))

const YEAR_MS = 365 * 86_400_000
/** "Sat 4 Sept 10:00": the year only where it could be mistaken. */
export function soonMoment(iso: string, zone: string): string {
  const whole = tellMoment(iso, zone)
  return Date.parse(iso) - Date.now() < YEAR_MS ? whole.replace(/ \d{4}(?= )/, '') : whole
}
