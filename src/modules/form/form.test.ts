import { describe, expect, test } from 'vitest'
import { check } from '../../core/journey/check.ts'
import { graphOf, journeySchema } from '../../core/journey/graph.ts'
import { merge, type RenderParts, scopeOf } from '../../core/merge.ts'
import { triggerTypes } from '../../triggers/definitions.ts'
import { definitions } from '../definitions.ts'
import { liveRegistry, registryOf } from '../registry.ts'
import { runFormLetter } from './run.ts'

const registry = registryOf(definitions, triggerTypes)
const config = {
  form: 'details',
  subject: 'Your details, {{ client.names }}',
  body: 'Dear {{ client.names }},\n\na few questions.',
  answerBy: { after: { days: 14 } },
}
const journeyWith = (more: object, type = 'form') =>
  journeySchema.parse({
    format: 1,
    name: 'Details',
    category: 'test',
    reentry: 'never',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      { id: 'ask', kind: 'module', type, version: 1, config: { ...config, ...more } },
      { id: 'done', kind: 'end' },
      { id: 'call', kind: 'action', do: { task: { title: 'Call them' } } },
    ],
    edges: [
      { from: 'begin', to: 'ask' },
      { from: 'ask', to: 'done' },
      { from: 'ask', exit: 'timeout', to: 'call' },
    ],
  })

describe('the step as it runs', () => {
  test('without reminders: a letter, then a wait; its exits are the wait’s', () => {
    const graph = graphOf(journeyWith({}), registry)
    expect(graph.next('ask' as never, 'sent')).toBe('ask.ask')
    expect(graph.next('ask.ask' as never, 'answer')).toBe('ask.answer')
    expect(graph.next('ask.ask' as never, 'remind')).toBeNull()
    expect(graph.next('ask.answered' as never, 'next')).toBe('done')
    expect(graph.journey.nodes.slice(0, 4).map((node) => node.id)).toEqual(['begin', 'ask', 'done', 'call'])
  })

  test('who waits keeps their place when reminders are added in a new version', () => {
    const before = graphOf(journeyWith({}), registry)
    const after = graphOf(journeyWith({ reminders: { everyDays: 5, times: 2 } }), registry)
    const ids = after.journey.nodes.map((node) => node.id)
    expect(before.journey.nodes.map((node) => node.id).filter((id) => !ids.includes(id))).toEqual([])
  })

  test('with reminders: a branch beside the wait, which ends without anybody waiting for it', () => {
    const graph = graphOf(journeyWith({ reminders: { everyDays: 5, times: 2 } }), registry)
    expect(graph.next('ask.ask' as never, 'answer')).toBe('ask.answer')
    expect(graph.next('ask.ask' as never, 'remind')).toBe('ask.wait-1')
    expect(graph.next('ask.remind-1' as never, 'sent')).toBe('ask.wait-2')
    expect(graph.next('ask.remind-2' as never, 'sent')).toBeNull()
    expect(graph.next('ask.answered' as never, 'next')).toBe('done')
    expect(graph.next('ask.ended' as never, 'next')).toBe('call')
    expect(graph.node('ask.remind-1' as never)).toMatchObject({ reminds: true, onFailure: 'continue' })
  })

  test('what its author said of the letter’s moment is not said of the reminders', () => {
    const journey = journeyWith({ reminders: { everyDays: 5, times: 1 } })
    const timed = {
      ...journey,
      nodes: journey.nodes.map((node) =>
        node.id === 'ask' ? { ...node, when: { before: { days: 60 }, of: 'wedding' } } : node,
      ),
    } as typeof journey
    const graph = graphOf(timed, registry)
    expect(graph.node('ask' as never)).toMatchObject({ when: { before: { days: 60 } } })
    expect(graph.node('ask.remind-1' as never)).not.toHaveProperty('when')
  })
})

describe('what an author may write', () => {
  const problems = (more: object, type?: string) =>
    check(journeyWith(more, type), registry).filter((one) => one.severity === 'error')

  test('the step is whole as it stands; its letter alone is nobody’s to choose', () => {
    expect(problems({})).toEqual([])
    expect(problems({}, 'form-letter').map((one) => one.code)).toContain('unknown_module')
    const offered = liveRegistry(definitions, triggerTypes).discover()
    expect(offered.map((one) => one.type)).not.toContain('form-letter')
  })

  test('a repeat is no deadline, and a field without a fallback is told where it stands', () => {
    expect(problems({ answerBy: { every: { days: 2 }, timesMax: 3 } }).length).toBe(1)
    const [told] = problems({ reminders: { everyDays: 3, times: 1, body: 'On {{ wedding.date }}?' } })
    expect(told?.path).toBe('/nodes/1/config/reminders/body')
  })
})

test('the letter leads to the form by its own link, on this machine without a certificate too', async () => {
  const render: RenderParts = async (parts, facts) =>
    Object.fromEntries(
      Object.entries(parts).map(([part, { template, target }]) => [
        part,
        merge(template, scopeOf(facts), target),
      ]),
    )
  const facts = { client: { names: 'Anna & Ben' }, link: 'http://127.0.0.1:3000/f/abc' }
  const base = { class: 'relationship', language: 'en', unsubscribeUrl: null } as const
  const input = {
    ...base,
    vendor: { name: 'Lumen', postalAddress: null },
    config: {
      form: 'details',
      subject: config.subject,
      body: config.body,
      button: 'Open the form',
      closes: true,
    },
  }
  const draft = await runFormLetter.prepare({ ...input, facts }, render)
  expect(draft).toMatchObject({ is: 'ready', content: { subject: 'Your details, Anna & Ben' } })
  expect(JSON.stringify(draft)).toContain('Open the form:\\nhttp://127.0.0.1:3000/f/abc')
  const without = await runFormLetter.prepare({ ...input, facts: { client: facts.client } }, render)
  expect(without).toEqual({ is: 'unresolved', fields: ['link'] })
})
