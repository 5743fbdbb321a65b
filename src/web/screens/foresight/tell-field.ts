import { phraseOf } from '../../../core/journey/phrase.ts'
import { type WaitRule, waitRuleSchema } from '../../../core/wedding/wait-rule.ts'

/** One field of a step before and after, as somebody reads it: a rule as its sentence, a text as its words. */
export type ChangedField = { readonly path: string; readonly before?: unknown; readonly after?: unknown }
const LONGEST = 120

export function tellField({ path, before, after }: ChangedField): {
  readonly name: string
  readonly before: string
  readonly after: string
} {
  return { name: nameOf(path), before: tellValue(before), after: tellValue(after) }
}

const NAMES: { readonly [part: string]: string } = {
  when: 'When',
  wait: 'Wait',
  timeout: 'At most',
  config: 'Content',
  subject: 'Subject',
  body: 'Text',
  name: 'Name',
  approval: 'Approval',
  deadline: 'Deadline',
  late: 'When late',
  move: 'When the date moves',
  to: 'To',
  class: 'Kind of message',
  windows: 'Days and hours',
}

function nameOf(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && !/^\d+$/.test(part) && part !== 'nodes')
  const last = parts.findLast((part) => part in NAMES) ?? parts.at(-1) ?? 'Setting'
  return NAMES[last] ?? last.slice(0, 1).toUpperCase() + last.slice(1).replaceAll('_', ' ')
}

export function tellValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return shortened(value.replaceAll('_', ' '))
  if (typeof value !== 'object') return String(value)
  const rule = waitRuleSchema.safeParse(value)
  return rule.success ? phraseOf(rule.data as WaitRule) : shortened(JSON.stringify(value))
}

const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()} …` : text
