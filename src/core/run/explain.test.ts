import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anyEvent,
  coupleView,
  email,
  identity,
  journeyOf,
  live,
  liveFrom,
  personOf,
  variedJourney,
} from '../../../test/fixtures/couple-run.ts'
import { DAY_MS, HOUR_MS, type Instant, instantFrom, plusMs } from '../time/instant.ts'
import { days, withVendor } from '../wedding/example-view.ts'
import { type Explanation, explain, explainNew } from './explain.ts'
import type { View } from './view.ts'

const begins = instantFrom('2027-01-11T09:00:00Z')
const names = { partner_a: 'Anna', partner_b: 'Ben' }

const finalDetails = journeyOf(
  [
    { id: 'begin', kind: 'trigger', type: 'contract_signed' },
    email('details', {
      name: 'Final details',
      when: { before: { days: 28 }, of: 'wedding', at: '10:00' },
      asksForAnswer: true,
      late: 'skip',
    }),
    { id: 'back', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 5 } } },
    email('nudge', { name: 'A small reminder' }),
    { id: 'done', kind: 'end' },
  ],
  [
    { from: 'begin', to: 'details' },
    { from: 'details', exit: 'sent', to: 'back' },
    { from: 'back', exit: 'timeout', to: 'nudge' },
    { from: 'back', exit: 'happened', to: 'done' },
    { from: 'nudge', exit: 'sent', to: 'done' },
  ],
)
const of = (all: readonly Explanation[], node: string): Explanation => all.find((one) => one.node === node)!
const sentences = (graph = finalDetails, view: View = coupleView('2027-06-12', 'America/Toronto')) => {
  const lived = liveFrom(graph, begins, view)
  return explain(graph, lived.run, lived.log, view, begins, { names })
}

describe('one couple, in the words of a wedding vendor', () => {
  test('what will be sent says who gets it, when and where, and by which rule', () => {
    const details = of(sentences(), 'details')
    expect(details.is).toBe('will_be_sent')
    expect(details.sentence).toBe(
      'Anna and Ben get "Final details" on Sat 15 May 10:00 Toronto, by the rule "28 days before the wedding at 10:00".',
    )
    expect(details.decidedBy).toBe('journey:/nodes/1/when')
  })

  test('a moment that had to make way for a wedding says so, and where to change it', () => {
    const view = withVendor({ weddingDays: days('2027-05-15') }, coupleView('2027-06-12', 'America/Toronto'))
    const details = of(sentences(finalDetails, view), 'details')
    expect(details.sentence).toContain('Fri 14 May 10:00 Toronto')
    expect(details.sentence).toContain('you work a wedding on Sat 15 May')
    expect(details.decidedBy).toBe('vendor:weddingDays')
  })

  test('what lies behind an answer says what it takes for granted', () => {
    expect(of(sentences(), 'nudge').sentence).toMatch(
      /^Anna and Ben get "A small reminder" on .* if an answered form does not come in time/,
    )
  })

  test('a date that is not known yet is named', () => {
    const view = coupleView('2027-06-12')
    const unknown = { ...view, anchors: { wedding: { value: null, generation: 2 } } }
    const details = of(sentences(finalDetails, unknown), 'details')
    expect(details).toMatchObject({ is: 'waiting_for', decidedBy: 'couple:anchors/wedding' })
    expect(details.sentence).toBe('"Final details" waits for the wedding, which has no date yet.')
  })

  test('what came too late says when it would have been', () => {
    const details = of(sentences(finalDetails, coupleView('2027-01-20')), 'details')
    expect(details).toMatchObject({ is: 'skipped' })
    expect(details.sentence).toBe(
      '"Final details" was left out: it was left out because its moment, Wed 23 December 2026 10:00 London, was already past.',
    )
  })

  test('of a couple who has not begun it says the same of every step, as if they began now', () => {
    const view = coupleView('2027-06-12', 'America/Toronto')
    const told = explainNew(finalDetails, identity, null, view, begins, { names })
    const said = ({ node, is, sentence, at, decidedBy }: Explanation) => ({
      node,
      is,
      sentence,
      at,
      decidedBy,
    })
    expect(said(of(told, 'details'))).toEqual(said(of(sentences(), 'details')))
    expect(said(of(told, 'nudge'))).toEqual(said(of(sentences(), 'nudge')))
    // Nothing of it is over: evidence that it was sent would be a lie.
    expect(
      told.flatMap((one) => one.evidence).filter(({ sentence }) => / was | came/.test(sentence)),
    ).toEqual([])
  })

  test('of a couple for whom it does not begin it says why', () => {
    const inquiries = journeyOf(
      [
        {
          id: 'begin',
          kind: 'trigger',
          type: 'contract_signed',
          if: { fact: 'client.tags', is: 'contains', value: 'vip' },
        },
        email('hello', { name: 'Hello' }),
      ],
      [{ from: 'begin', to: 'hello' }],
    )
    const told = explainNew(inquiries, identity, null, coupleView('2027-06-12'), begins, { names })
    expect(of(told, 'begin').sentence).toMatch(/^The journey did not begin because /)
    expect(of(told, 'hello').sentence).toBe('The journey ended before "Hello".')
  })

  test('a held step says why, and what it was planned for', () => {
    const view = coupleView('2027-06-12')
    const lived = liveFrom(finalDetails, begins, view)
    live(lived, finalDetails, { is: 'held', at: begins, reason: 'hold:reply' }, view)
    const details = of(explain(finalDetails, lived.run, lived.log, view, begins), 'details')
    expect(details.is).toBe('held')
    expect(details.sentence).toBe(
      '"Final details" is held because they have written back; it was planned for Sat 15 May 10:00 London.',
    )
  })

  test('what was sent says to whom and when, and the question after it that an answer is awaited', () => {
    const view = coupleView('2027-06-12')
    const lived = liveFrom(finalDetails, begins, view)
    const at = instantFrom('2027-05-15T09:00:00Z')
    live(lived, finalDetails, { is: 'due', at }, view)
    for (const to of ['partner_a', 'partner_b']) {
      live(
        lived,
        finalDetails,
        { is: 'settled', at, effect: `details|1|1|0|${to}`, outcome: { is: 'done', exit: 'sent' } },
        view,
      )
    }
    const all = explain(finalDetails, lived.run, lived.log, view, at, { names })
    expect(of(all, 'details')).toMatchObject({
      is: 'sent',
      sentence: 'Anna and Ben got "Final details" on Sat 15 May 10:00 London.',
    })
    expect(of(all, 'back')).toMatchObject({
      is: 'waiting_for',
      sentence: 'They have been asked; the journey waits for an answered form until Thu 20 May 10:00 London.',
    })
  })

  test('nobody who could be reached is not silence', () => {
    const view = {
      ...coupleView('2027-01-20'),
      people: [personOf('partner_a', {}), personOf('partner_b', {})],
    }
    const graph = journeyOf(
      [{ id: 'begin', kind: 'trigger', type: 'contract_signed' }, email('hello')],
      [{ from: 'begin', to: 'hello' }],
    )
    const hello = of(sentences(graph, view), 'hello')
    expect(hello).toMatchObject({ is: 'not_sent' })
    expect(hello.sentence).toMatch(/^"About hello" was not sent: Ben has no email address\.$/)
  })
})

test('however a run went, every step of its journey has exactly one explanation, in a whole sentence', () => {
  const graph = variedJourney()
  const view = coupleView('2027-06-12')
  const rolls = fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 0, max: 400 })), { maxLength: 40 })
  fc.assert(
    fc.property(rolls, (dice) => {
      const lived = liveFrom(graph, begins, view)
      let at: Instant = begins
      for (const [roll, hours] of dice) {
        at = plusMs(at, hours * HOUR_MS)
        live(lived, graph, anyEvent(lived.run, at, roll), view)
      }
      const all = explain(graph, lived.run, lived.log, view, plusMs(at, DAY_MS))
      expect(all.map((one) => one.node).sort()).toEqual(graph.journey.nodes.map((one) => one.id).sort())
      for (const one of all) {
        expect(one.sentence).toMatch(/^["A-Z].*\.$/s)
        expect(one.sentence).not.toMatch(/undefined|null|NaN|\[object/)
        for (const { sentence } of one.evidence) expect(sentence).not.toMatch(/undefined|NaN|\[object/)
      }
    }),
    { numRuns: 60 },
  )
})
