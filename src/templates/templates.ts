import { formKeySchema } from '../core/form/form.ts'
import type { Journey } from '../core/journey/graph.ts'
import { florist } from './florist.ts'
import { inBrand } from './in-brand.ts'
import { payments } from './payments.ts'
import { photographerAfter } from './photographer-after.ts'
import { photographerBooked } from './photographer-booked.ts'
import { photographerInquiry } from './photographer-inquiry.ts'
import type { Answers, Template } from './template.ts'
import { venue } from './venue.ts'

export const TEMPLATES: readonly Template[] = [
  photographerInquiry,
  photographerBooked,
  photographerAfter,
  venue,
  florist,
  payments,
]

export const templateOf = (key: string): Template | undefined => TEMPLATES.find((one) => one.key === key)

/** First those for this trade, then those for any, then the others. */
export const templatesFor = (trade: string): readonly Template[] =>
  [...TEMPLATES].sort((a, b) => nearness(a, trade) - nearness(b, trade))
const nearness = ({ trades }: Template, trade: string): number =>
  trades.includes(trade) ? 0 : trades.length === 0 ? 1 : 2

export const WORDS_MAX = 120
const NUMBER_MAX = 365

/** What is wrong with an answer, in words; null when nothing is. */
export function answerProblem(template: Template, key: string, given: string): string | null {
  const question = template.questions.find((one) => one.key === key)
  if (!question) return `This template does not ask for "${key}".`
  if (question.kind === 'link') return linkProblem(given)
  if (question.kind === 'form')
    return formKeySchema.safeParse(given).success ? null : `${question.label}: choose one of your forms.`
  if (question.kind === 'number')
    return /^[1-9]\d{0,2}$/.test(given) && Number(given) <= NUMBER_MAX
      ? null
      : `${question.label}: a whole number from 1 to ${NUMBER_MAX}.`
  if (given.length > WORDS_MAX || /[\r\n]/.test(given))
    return `${question.label}: one line of at most ${WORDS_MAX} characters.`
  return /[{}]/.test(given) ? `${question.label}: please without { and }.` : null
}

function linkProblem(given: string): string | null {
  const url = URL.parse(given)
  return url?.protocol === 'https:' && url.username === '' ? null : 'A link begins with https://.'
}

export type Given = { readonly [key: string]: string }

/** The journey as this vendor would have it; `links` are the pages they have, by name. */
export function written(template: Template, given: Given, links: ReadonlySet<string>): Journey {
  const answers: Answers = {
    has: (key) => links.has(key) || (given[key] ?? '') !== '',
    form: (key) => given[key] || null,
    words: (key) => {
      const question = template.questions.find((one) => one.key === key)
      if (!question) throw new Error(`${template.key} uses "${key}", which it does not ask for`)
      return given[key] || (question.otherwise ?? '')
    },
  }
  return named(template.write(answers))
}

// The same pages give the same journeys, and a gallery asks for all of them at once.
const UNANSWERED_MAX = 300
const unanswered = new Map<string, Journey>()

/** As it is before anybody has answered anything; kept, because writing one is reading a whole document. */
export function plain(template: Template, links: ReadonlySet<string> = new Set()): Journey {
  const pages = template.questions.filter(({ key }) => links.has(key)).map(({ key }) => key)
  const name = [template.key, ...pages].join('|')
  const known = unanswered.get(name)
  if (known) return known
  const journey = written(template, {}, links)
  if (unanswered.size >= UNANSWERED_MAX) unanswered.clear()
  unanswered.set(name, journey)
  return journey
}

/** What waits and what decides is read by people too, beside the letters: its id, said as words. */
function named(journey: Journey): Journey {
  return {
    ...journey,
    nodes: journey.nodes.map((node) =>
      (node.kind === 'await' || node.kind === 'condition' || node.kind === 'delay') && !node.name
        ? { ...node, name: wordsOf(node.id) }
        : inBrand(node),
    ),
  }
}

const wordsOf = (id: string): string => {
  const words = id.replace(/-\d+$/, '').replaceAll('-', ' ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
