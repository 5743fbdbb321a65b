import type { z } from 'zod'
import type { previewWedding, readWedding, weddingChange } from '../../../contract/weddings.ts'

/** A move as it is being thought over: where to, and what is wanted of single steps. */
export type Wanted = {
  readonly on: string | null
  readonly at: string | null
  readonly zone: string | null
  /** No new date yet. */
  readonly hold: boolean
}
export type WeddingDocument = z.infer<typeof readWedding.answer>
export type Foreseen = z.infer<typeof previewWedding.answer>
export type Change = z.input<typeof weddingChange>
type Step = Foreseen['runs'][number]['steps'][number]
export type Row = Step & { readonly run: string; readonly key: string }
export type Chosen = { readonly [key: string]: string }

/** The hour of the ceremony, where it is known, and the day. */
export function standsAt({ on, anchors, zone }: WeddingDocument): Wanted {
  const value = anchors.wedding?.value
  return { on, at: value?.is === 'hour' ? value.at : null, zone, hold: false }
}

/** Null where nothing would be another. */
export function changeOf(wedding: WeddingDocument, wanted: Wanted): Omit<Change, 'choices'> | null {
  const was = standsAt(wedding)
  const zone = wanted.zone ?? was.zone
  const elsewhere = zone !== null && zone !== was.zone ? { zone } : {}
  if (wanted.hold) return was.on === null ? null : { anchors: { wedding: null }, ...elsewhere }
  if (!wanted.on) return null
  const same = wanted.on === was.on && wanted.at === was.at
  if (same) return 'zone' in elsewhere ? elsewhere : null
  const value =
    wanted.at && zone
      ? { is: 'hour' as const, on: wanted.on, at: wanted.at, zone }
      : { is: 'day' as const, on: wanted.on }
  return { anchors: { wedding: value }, ...elsewhere }
}

export const rowsOf = ({ runs }: Foreseen): Row[] =>
  runs.flatMap(({ run, steps }) => steps.map((step) => ({ ...step, run, key: `${run}|${step.node}` })))

/** What happens to a row when nobody chooses; null where somebody has to. */
export function usualChoice(row: Row): string | null {
  if (row.is === 'needs_you') return null
  if (row.is === 'left_out') return row.choices.includes('skip') ? 'skip' : 'gone'
  return 'follow'
}

/** Only what is offered and is not what would happen anyway travels with the change. */
export function choicesOf(rows: readonly Row[], chosen: Chosen): NonNullable<Change['choices']> {
  return rows.flatMap((row) => {
    const choice = chosen[row.key]
    if (choice === undefined || choice === usualChoice(row) || !row.choices.includes(choice)) return []
    const keep = choice === 'keep' && row.from ? { at: row.from } : {}
    return [{ run: row.run, node: row.node, choice: choice as 'follow', ...keep }]
  })
}

export const stillToChoose = (rows: readonly Row[], chosen: Chosen): number =>
  rows.filter(
    (row) => row.is === 'needs_you' && row.choices.length > 0 && !row.choices.includes(chosen[row.key] ?? ''),
  ).length

export const CHOICE_WORDS: { readonly [choice: string]: string } = {
  follow: 'Follow the date',
  keep: 'Keep it where it is',
  skip: 'Leave it out',
  send_now: 'Send it at once',
  merge: 'Tell it in the next one',
  compress: 'Spread what is left',
  task: 'Give me a task',
}
