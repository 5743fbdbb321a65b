import { describe, expect, test } from 'vitest'
import { coupleView, email, identity, journeyOf, personOf } from '../../../test/fixtures/couple-run.ts'
import type { JourneyId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import { instantFrom, isoOf } from '../time/instant.ts'
import { days, exampleView, withVendor } from '../wedding/example-view.ts'
import { inventCouples } from './invent-couples.ts'
import { type SimulatedCouple, type SimulatedJourney, simulate } from './simulate.ts'

const from = instantFrom('2027-03-01T09:00:00Z')
const until = instantFrom('2028-09-01T09:00:00Z')
const journey = (key: string, graph: Graph): SimulatedJourney => ({
  id: key as JourneyId,
  key,
  version: 1,
  graph,
})
const signed = { at: instantFrom('2027-03-02T09:00:00Z'), type: 'contract_signed', data: {} }
const anna: SimulatedCouple = {
  client: identity.client,
  vendor: identity.vendor,
  wedding: identity.wedding,
  since: from,
  view: coupleView('2027-06-12'),
  events: [signed],
}
const line = (nodes: readonly { readonly id: string; readonly [part: string]: unknown }[]): Graph =>
  journeyOf(
    [{ id: 'begin', kind: 'trigger', type: 'contract_signed' }, ...nodes],
    ['begin', ...nodes.map((one) => one.id)]
      .slice(0, -1)
      .map((id, nth) => ({ from: id, to: nodes[nth]!.id })),
  )
const run = (graph: Graph, couple = anna, behaviour = { is: 'never' } as const) =>
  simulate({ journeys: [journey('plan', graph)], couples: [couple], from, until, behaviour })
const codes = (result: ReturnType<typeof run>) => result.warnings.map(({ code, node }) => `${code} ${node}`)

describe('what nobody would want is said', () => {
  test('more than two messages to one person in a day', () => {
    expect(codes(run(line([email('one'), email('two'), email('three')])))).toEqual([
      'burst three',
      'burst three',
    ])
    expect(codes(run(line([email('one'), email('two')])))).toEqual([])
  })

  test('a message on their own wedding day', () => {
    const graph = line([email('now', { when: { on: '2027-06-12', at: '09:00' } })])
    expect(codes(run(graph))).toEqual(['message_on_wedding_day now'])
  })

  test('a task that comes up while the vendor works a wedding', () => {
    const task = {
      id: 'call',
      kind: 'action',
      do: { task: { title: 'Call them' } },
      when: { on: '2027-05-08', at: '09:00' },
    }
    const couple = { ...anna, view: withVendor({ weddingDays: days('2027-05-08') }, anna.view) }
    expect(codes(run(line([task]), couple))).toEqual(['load_on_wedding_day call'])
  })

  test('steps nobody comes to, people nobody can reach, and fields nobody has filled in', () => {
    const graph = journeyOf(
      [
        { id: 'begin', kind: 'trigger', type: 'contract_signed' },
        {
          id: 'big',
          kind: 'condition',
          cases: [{ exit: 'yes', if: { fact: 'wedding.guests', is: 'more', value: 500 } }],
        },
        email('feast'),
        email('letter', {
          to: 'partner_b',
          config: {
            subject: 'Hello',
            body: '{{ client.fields.song }} and {{ client.fields.dish | default: "cake" }}',
          },
        }),
        email('again', { config: { subject: 'Hello', body: '{{ client.fields.song }}' } }),
      ],
      [
        { from: 'begin', to: 'big' },
        { from: 'big', exit: 'yes', to: 'feast' },
        { from: 'big', exit: 'otherwise', to: 'letter' },
        { from: 'letter', exit: 'sent', to: 'again' },
      ],
    )
    const people = [personOf('partner_a'), personOf('partner_b', {})]
    expect(codes(run(graph, { ...anna, view: { ...anna.view, people } }))).toEqual([
      'cannot_be_reached letter',
      'missing_field again',
      'step_not_reached feast',
    ])
  })

  test('a run that waits for a date nobody has entered', () => {
    const graph = line([email('prep', { when: { before: { days: 7 }, of: 'meeting:tour' } })])
    const { warnings } = run(graph)
    expect(warnings).toMatchObject([
      {
        code: 'waits_for_unknown_date',
        node: 'prep',
        values: { anchor: 'meeting:tour' },
        client: 'anna-ben',
      },
    ])
  })
})

test('journeys start, hold and stop one another as they do for real', () => {
  const first = line([
    { id: 'go', kind: 'action', do: { startJourney: 'letters' } },
    { id: 'wait', kind: 'delay', wait: { after: { days: 3 } } },
    { id: 'halt', kind: 'action', do: { stopJourney: 'letters' } },
  ])
  const letters = journeyOf(
    [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      email('hello', { when: { after: { days: 1 } } }),
      email('too-late', { when: { after: { days: 9 } } }),
    ],
    [
      { from: 'begin', to: 'hello' },
      { from: 'hello', exit: 'sent', to: 'too-late' },
    ],
  )
  const { log, runs } = simulate({
    journeys: [journey('plan', first), journey('letters', letters)],
    couples: [anna],
    from,
    until,
    behaviour: { is: 'never' },
  })
  expect(runs).toBe(2)
  expect(log.filter((one) => one.what === 'send').map((one) => one.node)).toEqual(['hello', 'hello'])
  expect(log.filter((one) => one.what === 'ended').map((one) => [one.journey, one.detail])).toContainEqual([
    'letters',
    'cancelled',
  ])
})

test('a journey for each wedding is entered once, however often its event comes', () => {
  const again = { ...signed, at: instantFrom('2027-04-02T09:00:00Z') }
  const graph = line([email('one')])
  expect(run(graph, { ...anna, events: [signed, again] }).runs).toBe(1)
})

test('the days add up, and the same input gives the same answer', () => {
  const couples = inventCouples({ seed: 'book', count: 30, from, until, vendor: exampleView.vendor })
  const graph = line([
    email('welcome', { when: { after: { minutes: 10 } } }),
    email('details', { when: { before: { days: 28 }, of: 'wedding', at: '10:00' } }),
  ])
  const input = {
    journeys: [journey('plan', graph)],
    couples,
    from,
    until,
    behaviour: { is: 'typical' },
  } as const
  const result = simulate(input)
  const sent = result.log.filter((one) => one.what === 'send')
  expect(result.days.reduce((sum, day) => sum + day.messages, 0)).toBe(sent.length)
  expect(sent.length).toBeGreaterThan(30)
  expect(result.log.every((one) => one.at <= until)).toBe(true)
  expect(simulate(input)).toEqual(result)
})

test('invented couples ask before they sign, sign before they pay, and marry mostly on Saturdays', () => {
  const couples = inventCouples({ seed: 'book', count: 200, from, until, vendor: exampleView.vendor })
  for (const { events } of couples)
    expect(events.map((one) => one.at)).toEqual(events.map((one) => one.at).toSorted((a, b) => a - b))
  const weddings = couples.map(({ view }) => view.anchors.wedding?.value)
  const saturdays = weddings.filter((value) => value?.is === 'day' && new Date(value.on).getUTCDay() === 6)
  expect(saturdays.length).toBeGreaterThan(120)
  expect(saturdays.length).toBeLessThan(170)
  expect(isoOf(couples[0]!.since) >= isoOf(from)).toBe(true)
})
