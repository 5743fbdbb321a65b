import { z } from 'zod'
import { formKeySchema } from '../../core/form/form.ts'
import type { JsonObject } from '../../core/ids.ts'
import type { Edge, Node, NodeOf } from '../../core/journey/graph.ts'
import { innerId, type Unfolded } from '../../core/journey/unfold.ts'
import { mergeProblems } from '../../core/merge.ts'
import { type SingleWaitRule, waitRuleSchema } from '../../core/wedding/wait-rule.ts'
import { type ConfigProblem, defineModule } from '../module.ts'

/**
 * A couple is asked to fill in a form, reminded until they have, and the journey goes on with what they said. Nothing
 * of it is a mechanism of its own: the step unfolds into a letter, a wait for the answer, and reminders in a branch
 * beside that wait, which the answer and the deadline both end.
 */
const singleLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\r\n]*$/, 'one line')
const body = z.string().min(1).max(20_000)

export const REMINDERS_MAX = 5
const DEFAULT_BUTTON = 'Open the form'

const letterConfig = z.strictObject({
  form: formKeySchema,
  subject: singleLine(200),
  body,
  button: singleLine(80),
  /** Whether the page closes when the journey waits no longer. */
  closes: z.boolean(),
})

/** The letter that asks, and each that reminds; a part of `form`. */
export const formLetter = defineModule({
  type: 'form-letter',
  version: 1,
  label: 'Letter with a form',
  exits: ['sent', 'refused'],
  channel: 'email',
  delivery: 'at_most_once',
  class: 'relationship',
  config: letterConfig,
  inner: true,
})

export const form = defineModule({
  type: 'form',
  version: 1,
  label: 'Ask with a form',
  exits: ['submitted', 'timeout', 'refused'],
  channel: 'email',
  delivery: 'at_most_once',
  class: 'relationship',
  config: z.strictObject({
    form: formKeySchema,
    subject: singleLine(200),
    body,
    button: singleLine(80).optional(),
    reminders: z
      .strictObject({
        everyDays: z.int().min(1).max(60),
        times: z.int().min(1).max(REMINDERS_MAX),
        subject: singleLine(200).optional(),
        body: body.optional(),
      })
      .optional(),
    /** Until when the answer is waited for. */
    answerBy: waitRuleSchema.refine((rule) => !('every' in rule), 'one moment, not a repeat'),
    /** Late answers are taken, although the journey has gone on. */
    takesLate: z.boolean().optional(),
  }),
  check: (config, facts) =>
    [
      ['/subject', config.subject],
      ['/body', config.body],
      ['/button', config.button],
      ['/reminders/subject', config.reminders?.subject],
      ['/reminders/body', config.reminders?.body],
    ].flatMap(([path, text]) => problemsOf(path!, text ?? '', facts.fields)),
  unfold: (node) => unfold(node),
})

const problemsOf = (path: string, text: string, fields: readonly string[]): ConfigProblem[] =>
  mergeProblems(text, fields).map((problem) => {
    const [line, column] = problem.path.split(':')
    return { code: problem.code, path, message: `Line ${line}, column ${column}: ${problem.message}` }
  })

/** The letter by which a step asks, as its settings stand: they may not be finished yet. */
export const letterIn = (config: JsonObject): JsonObject => ({
  form: config.form ?? '',
  subject: config.subject ?? '',
  body: config.body ?? '',
  button: config.button ?? DEFAULT_BUTTON,
  closes: config.takesLate !== true,
})

/** The parts of a form's step, by the names that follow the node's own. */
export const PARTS = { ask: 'ask', answer: 'answer', answered: 'answered', ended: 'ended' } as const

function unfold(node: NodeOf<'module'>): Unfolded {
  const config = form.config.parse(node.config)
  const id = (part: string) => innerId(node.id, part)
  const named = (what: string): { name: string } => ({ name: `${node.name ?? config.subject}: ${what}` })
  const letter = letterIn(config as JsonObject)
  const self: NodeOf<'module'> = {
    ...node,
    type: formLetter.type,
    version: formLetter.version,
    config: letter,
    asksForAnswer: node.asksForAnswer ?? true,
  }
  const inner: Node[] = [
    {
      ...named('answer'),
      id: id(PARTS.answer),
      kind: 'await',
      for: { event: 'form_submitted', if: { fact: 'event.form', is: 'equal', value: config.form } },
      timeout: config.answerBy as SingleWaitRule,
      // Whoever is quicker than the provider's answer is not waited for in vain.
      alsoPast: true,
    },
  ]
  const edges: Edge[] = []
  const link = (from: Node['id'], exit: string, to: Node['id']): number => edges.push({ from, exit, to })
  const { reminders } = config
  // The branch for reminders is there without any: who waits keeps their place when some are added later.
  inner.push(
    { ...named('ask'), id: id(PARTS.ask), kind: 'fork', arms: ['answer', 'remind'] },
    { ...named('answered'), id: id(PARTS.answered), kind: 'join', mode: 'first' },
    { ...named('no answer'), id: id(PARTS.ended), kind: 'join', mode: 'first' },
  )
  link(node.id, 'sent', id(PARTS.ask))
  link(id(PARTS.ask), 'answer', id(PARTS.answer))
  link(id(PARTS.answer), 'happened', id(PARTS.answered))
  link(id(PARTS.answer), 'timeout', id(PARTS.ended))
  let before: [from: Node['id'], exit: string] = [id(PARTS.ask), 'remind']
  for (let round = 1; reminders && round <= reminders.times; round += 1) {
    const [wait, remind] = [id(`wait-${round}`), id(`remind-${round}`)]
    inner.push(
      {
        ...named(`until reminder ${round}`),
        id: wait,
        kind: 'delay',
        wait: { after: { days: reminders.everyDays } },
      },
      {
        ...self,
        ...named(`reminder ${round}`),
        id: remind,
        config: {
          ...letter,
          subject: reminders.subject ?? config.subject,
          body: reminders.body ?? config.body,
        },
        reminds: true,
        // A reminder that cannot be sent is seen on Today; the answer is waited for all the same.
        onFailure: 'continue',
        ...NOTHING_OF_ITS_OWN,
      },
    )
    link(...before, wait)
    link(wait, 'next', remind)
    before = [remind, 'sent']
  }
  return {
    self,
    inner: inner.map(withoutUnset),
    edges,
    exits: {
      submitted: { from: id(PARTS.answered), exit: 'next' },
      timeout: { from: id(PARTS.ended), exit: 'next' },
    },
  }
}

/** What the asking letter says of its own moment is not said of those that remind. */
const NOTHING_OF_ITS_OWN = {
  when: undefined,
  late: undefined,
  move: undefined,
  deadline: undefined,
  approval: undefined,
  band: undefined,
}
const withoutUnset = (node: Node): Node =>
  Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined)) as Node
