import { type Journey, journeySchema } from '../../src/core/journey/graph.ts'

/** What a busy season is made of: a journey an inquiry begins, and one whose moment falls due for many at once. */
const mail = (id: string, more: object = {}) => ({
  id,
  kind: 'module',
  type: 'email',
  version: 1,
  class: 'transactional',
  config: {
    subject: `{{ client.partner_a.first_name | default: "Dear couple" }}, about ${id}`,
    body: `Hello {{ client.partner_a.first_name | default: "there" }} and {{ client.partner_b.first_name | default: "partner" }},\n\nthank you for writing to us. We have your day in our calendar and will look after everything that belongs to it, one thing after the other.\n\nWarmly,\n{{ vendor.name }}`,
  },
  ...more,
})
const tag = (id: string, name: string) => ({ id, kind: 'action', do: { addTag: name } })
const question = (id: string, condition: object) => ({
  id,
  kind: 'condition',
  cases: [{ exit: 'yes', if: condition }],
})
/** The moment a couple's timer names. */
const pause = (id: string) => ({
  id,
  kind: 'delay',
  wait: { after: { minutes: 0 }, of: 'custom:timer' },
})

type Edge = { from: string; to: string; exit?: string }
const document = (name: string, nodes: readonly object[], edges: readonly Edge[]): Journey =>
  journeySchema.parse({ format: 1, name, category: 'season', reentry: 'per_wedding', nodes, edges })

export const FORM = 'details'
/** Days before the wedding at which a couple who has answered is written to again; until then the run waits. */
const HOLD_DAYS = 60

export const inquiry = document(
  'From inquiry to planning',
  [
    { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
    { id: 'stage', kind: 'action', do: { setStage: 'contacted' } },
    tag('tag', 'season'),
    question('speaks', { fact: 'client.language', is: 'equal', value: 'en' }),
    question('soon', { not: { daysUntil: 'wedding', is: 'less', value: 30 } }),
    mail('welcome'),
    {
      id: 'test',
      kind: 'split',
      arms: [
        { exit: 'a', weight: 1 },
        { exit: 'b', weight: 1 },
      ],
      measure: 'form_submitted',
    },
    // Only couples whose timer is set wait for it.
    question('timed', { daysUntil: 'custom:timer', is: 'at_least', value: 0 }),
    pause('pause'),
    mail('form'),
    {
      id: 'answer',
      kind: 'await',
      for: { event: 'form_submitted', if: { fact: 'event.form', is: 'equal', value: FORM } },
      timeout: { after: { hours: 12 } },
      alsoPast: true,
    },
    question('judge', { fact: `answers.${FORM}.guests`, is: 'at_least', value: 1 }),
    { id: 'book', kind: 'action', do: { setStage: 'booked' } },
    tag('answered', 'answered'),
    {
      id: 'hold',
      kind: 'delay',
      wait: { before: { days: HOLD_DAYS }, of: 'wedding', at: '10:00' },
    },
  ],
  [
    { from: 'begin', to: 'stage' },
    { from: 'stage', exit: 'next', to: 'tag' },
    { from: 'tag', exit: 'next', to: 'speaks' },
    { from: 'speaks', exit: 'yes', to: 'soon' },
    { from: 'soon', exit: 'yes', to: 'welcome' },
    { from: 'welcome', exit: 'sent', to: 'test' },
    { from: 'test', exit: 'a', to: 'timed' },
    { from: 'test', exit: 'b', to: 'timed' },
    { from: 'timed', exit: 'yes', to: 'pause' },
    { from: 'timed', exit: 'otherwise', to: 'form' },
    { from: 'pause', to: 'form' },
    { from: 'form', exit: 'sent', to: 'answer' },
    { from: 'answer', exit: 'happened', to: 'judge' },
    { from: 'judge', exit: 'yes', to: 'book' },
    { from: 'book', exit: 'next', to: 'answered' },
    { from: 'answered', exit: 'next', to: 'hold' },
  ],
)
/** Letters a couple gets on this way; the second is the one they answer. */
export const INQUIRY_LETTERS = 2

/** Ends by itself: what is due at one moment for a whole book, or for a couple on the eve of the wedding. */
export const wave = document(
  'A wave',
  [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    pause('pause'),
    question('speaks', { fact: 'client.language', is: 'equal', value: 'en' }),
    question('known', { fact: 'wedding.status', is: 'known' }),
    mail('reminder'),
    tag('reminded', 'reminded'),
  ],
  [
    { from: 'begin', to: 'pause' },
    { from: 'pause', to: 'speaks' },
    { from: 'speaks', exit: 'yes', to: 'known' },
    { from: 'known', exit: 'yes', to: 'reminder' },
    { from: 'reminder', exit: 'sent', to: 'reminded' },
  ],
)
