import type { TemplatePreview } from '../../../contract/templates.ts'

/** Where the steps of a template lie on a line from today to some weeks after the wedding, in hundredths. */
export type Step = TemplatePreview['items'][number]['steps'][number]
export type Mark = {
  readonly at: number
  readonly count: number
  readonly critical: boolean
  readonly task: boolean
}
export type Strip = {
  readonly marks: readonly Mark[]
  readonly wedding: number
  readonly months: readonly { readonly at: number; readonly label: string }[]
  /** Steps beyond the end of the line, such as anniversaries. */
  readonly later: number
}

const DAY_MS = 86_400_000
const AFTER_DAYS = 84
/** How near two marks may come before they are one, and how near one may come to the diamond. */
const GAPS = { wide: { near: 2.6, beside: 2.2 }, narrow: { near: 7, beside: 5.5 } } as const
const LABELS_MAX = 6

export const isShown = (step: Step): boolean => step.what === 'done' && step.at !== null
/** Noon in universal time is the same day almost everywhere: near enough for a drawing. */
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`)

export function stripOf(steps: readonly Step[], wedding: string, now: number, isNarrow = false): Strip {
  const { near, beside: gap } = GAPS[isNarrow ? 'narrow' : 'wide']
  const end = Math.max(noonOf(wedding) + AFTER_DAYS * DAY_MS, now + 2 * AFTER_DAYS * DAY_MS)
  const place = (at: number): number => (100 * (at - now)) / (end - now)
  const day = place(noonOf(wedding))
  // What lies on the wedding's day stands beside its diamond, never behind it.
  const beside = (at: number): number =>
    Math.abs(at - day) >= gap ? at : at < day ? Math.max(0, day - gap) : day + gap
  const shown = steps.filter(isShown).map((step) => ({ step, at: beside(place(Date.parse(step.at ?? ''))) }))
  const marks: Mark[] = []
  for (const { step, at } of shown.filter((one) => one.at <= 100).sort((a, b) => a.at - b.at)) {
    const last = marks.at(-1)
    const task = step.is === 'task'
    if (last && at - last.at < near)
      marks[marks.length - 1] = {
        ...last,
        count: last.count + 1,
        critical: last.critical || step.critical,
        task: last.task && task,
      }
    else marks.push({ at: Math.max(0, at), count: 1, critical: step.critical, task })
  }
  return {
    marks,
    wedding: day,
    months: monthsBetween(now, end).map(({ at, label }) => ({ at: place(at), label })),
    later: shown.filter((one) => one.at > 100).length,
  }
}

function monthsBetween(from: number, to: number): { at: number; label: string }[] {
  const first = new Date(from)
  const firsts: Date[] = []
  for (let month = 1; ; month += 1) {
    const at = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1))
    if (at.getTime() > to) break
    firsts.push(at)
  }
  const every = Math.ceil(firsts.length / LABELS_MAX)
  return firsts
    .filter((_, index) => index % every === 0)
    .map((at) => ({ at: at.getTime(), label: monthWord(at) }))
}

const monthWord = (at: Date): string =>
  new Intl.DateTimeFormat(globalThis.navigator?.language ?? 'en-GB', {
    month: 'short',
    timeZone: 'UTC',
    ...(at.getUTCMonth() === 0 && { year: 'numeric' }),
  }).format(at)
