import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventId, Json, JsonObject } from '../ids.ts'
import type { OutsideEvent } from '../run/event.ts'
import { instant } from '../time/instant.ts'
import { type Condition, conditionSchema } from './condition.ts'
import { evaluate, matchesPattern, type World } from './evaluate.ts'
import { worldOf } from './facts.ts'

const facts: Record<string, Json> = {
  'client.stage': 'booked',
  'client.tags': ['vip', 'outdoor'],
  'client.fields.package': 'Gold Plus',
  'wedding.guests': 120,
  'answers.details.diet': 'Vegan',
  'answers.details.guests': 80,
}
const world: World = {
  fact: (path) => facts[path],
  daysUntil: (anchor) => (anchor === 'wedding' ? 30 : null),
  happened: (type) => (type === 'payment_received' ? 2 : 0),
}
const holds = (condition: unknown): boolean => evaluate(conditionSchema.parse(condition), world).verdict

describe('comparisons', () => {
  test.each<[object, boolean]>([
    [{ fact: 'client.stage', is: 'equal', value: 'booked' }, true],
    [{ fact: 'client.stage', is: 'not_equal', value: 'booked' }, false],
    [{ fact: 'client.tags', is: 'equal', value: ['vip', 'outdoor'] }, true],
    [{ fact: 'client.tags', is: 'equal', value: ['outdoor', 'vip'] }, false],
    [{ fact: 'client.tags', is: 'contains', value: 'vip' }, true],
    [{ fact: 'client.tags', is: 'contains', value: 'VIP' }, false],
    [{ fact: 'client.tags', is: 'lacks', value: 'complaint' }, true],
    [{ fact: 'client.tags', is: 'one_of', value: ['vip', 'x'] }, true],
    [{ fact: 'client.tags', is: 'none_of', value: ['vip', 'x'] }, false],
    [{ fact: 'client.stage', is: 'one_of', value: ['lost', 'booked'] }, true],
    [{ fact: 'answers.details.diet', is: 'contains', value: 'vegan' }, true],
    [{ fact: 'client.fields.package', is: 'starts_with', value: 'gold' }, true],
    [{ fact: 'wedding.guests', is: 'less', value: 120 }, false],
    [{ fact: 'wedding.guests', is: 'at_most', value: 120 }, true],
    [{ fact: 'wedding.guests', is: 'more', value: 119 }, true],
    [{ fact: 'wedding.guests', is: 'at_least', value: 121 }, false],
    [{ fact: 'wedding.guests', is: 'known' }, true],
    [{ fact: 'wedding.region', is: 'missing' }, true],
    [{ daysUntil: 'wedding', is: 'equal', value: 30 }, true],
    [{ daysUntil: 'wedding', is: 'less', value: 30 }, false],
    [{ daysUntil: 'booking', is: 'less', value: 30 }, false],
    [{ happened: 'payment_received', timesMin: 2 }, true],
    [{ happened: 'review_received' }, false],
    [{ all: [{ fact: 'wedding.guests', is: 'known' }, { not: { happened: 'review_received' } }] }, true],
    [{ any: [{ happened: 'review_received' }, { fact: 'client.tags', is: 'contains', value: 'x' }] }, false],
  ])('%j is %s', (condition, verdict) => expect(holds(condition)).toBe(verdict))

  test('what is missing makes every comparison false, and is named', () => {
    for (const is of ['equal', 'not_equal', 'less', 'at_least', 'contains', 'lacks', 'starts_with']) {
      const value = is === 'less' || is === 'at_least' ? 1 : 'x'
      const condition = conditionSchema.parse({ fact: 'wedding.region', is, value })
      expect(evaluate(condition, world)).toEqual({
        verdict: false,
        why: [{ fact: 'wedding.region', is, want: value, holds: false, because: 'missing' }],
      })
    }
    const unknownDate = conditionSchema.parse({ daysUntil: 'booking', is: 'more', value: 1 })
    expect(evaluate(unknownDate, world).why[0]).toMatchObject({ because: 'missing' })
  })

  test('what cannot be compared is false and says so, instead of being bent', () => {
    expect(evaluate({ fact: 'client.stage', is: 'less', value: 3 }, world).why).toEqual([
      { fact: 'client.stage', is: 'less', want: 3, had: 'booked', holds: false, because: 'unfit' },
    ])
  })
})

describe('why', () => {
  test('is the comparison that decided, or all of them where all were needed', () => {
    const guests: Condition = { fact: 'wedding.guests', is: 'more', value: 100 }
    const stage: Condition = { fact: 'client.stage', is: 'equal', value: 'lost' }
    const why = (condition: Condition) => evaluate(condition, world).why.map((reason) => reason.fact)
    expect(why({ all: [guests, stage, guests] })).toEqual(['client.stage'])
    expect(why({ any: [stage, guests, stage] })).toEqual(['wedding.guests'])
    expect(why({ any: [stage, stage] })).toEqual(['client.stage', 'client.stage'])
    expect(why({ not: { all: [guests, guests] } })).toEqual(['wedding.guests', 'wedding.guests'])
    expect(evaluate(guests, world).why).toEqual([
      { fact: 'wedding.guests', is: 'more', want: 100, had: 120, holds: true },
    ])
  })

  test('never carries what a couple has answered, not even what it was compared with', () => {
    const secret = 'Zsófia is allergic'
    const path = fc.constantFrom(
      'answers.details.diet',
      'client.fields.note',
      'event.body',
      'event.deep.text',
    )
    const is = fc.constantFrom('equal', 'not_equal', 'contains', 'lacks', 'starts_with')
    const leaf = fc.record({ fact: path, is, value: fc.constant(secret) })
    const tree = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ not: tie('tree') }),
      ),
    })).tree
    fc.assert(
      fc.property(tree, fc.boolean(), (condition, known) => {
        const personal: World = { ...world, fact: () => (known ? secret : undefined) }
        const answer = evaluate(conditionSchema.parse(condition), personal)
        expect(JSON.stringify(answer)).not.toContain('Zs')
        expect(answer.why.length).toBeGreaterThan(0)
      }),
    )
  })

  test('holds together with the verdict: not turns it round, all and any are what their parts say', () => {
    const leaf = fc.constantFrom<Condition>(
      { happened: 'payment_received' },
      { happened: 'review_received' },
      { fact: 'wedding.region', is: 'equal', value: 'x' },
      { daysUntil: 'wedding', is: 'less', value: 100 },
    )
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 6 }), (parts) => {
        const verdicts = parts.map((part) => evaluate(part, world).verdict)
        expect(evaluate({ all: parts }, world).verdict).toBe(verdicts.every(Boolean))
        expect(evaluate({ any: parts }, world).verdict).toBe(verdicts.some(Boolean))
        expect(evaluate({ not: { any: parts } }, world).verdict).toBe(!verdicts.some(Boolean))
      }),
    )
  })
})

describe('events and facts', () => {
  const event = (type: string, data: JsonObject): OutsideEvent => ({
    id: 'e' as EventId,
    type,
    at: instant(0),
    data,
    depth: 0,
  })
  const view = {
    client: { id: 'c', stage: 'booked', tags: ['vip'], language: 'en', zone: null, fields: { song: 'Ave' } },
    wedding: null,
    vendor: { type: 'venue', region: 'GB' },
    answers: { details: { guests: 80 } },
    happened: { form_submitted: { count: 2, lastAt: instant(0) } },
  } as unknown as Parameters<typeof worldOf>[0]
  const state = {
    outputs: { ask: { rating: 5 } },
    startedBy: { event: 'e', type: 'form_submitted', data: { form: 'details' } },
  } as unknown as Parameters<typeof worldOf>[1]

  test('a pattern wants its type and what it says of the event, and still sees the couple', () => {
    const couple = worldOf(view, state, null, () => null)
    const pattern = {
      event: 'form_submitted',
      if: conditionSchema.parse({
        all: [
          { fact: 'event.form', is: 'equal', value: 'songs' },
          { fact: 'client.tags', is: 'contains', value: 'vip' },
        ],
      }),
    }
    expect(matchesPattern(pattern, event('form_submitted', { form: 'songs' }), couple).verdict).toBe(true)
    expect(matchesPattern(pattern, event('form_submitted', { form: 'details' }), couple).verdict).toBe(false)
    expect(matchesPattern(pattern, event('form_opened', { form: 'songs' }), couple)).toEqual({
      verdict: false,
      why: [],
    })
    expect(matchesPattern({ event: 'form_submitted' }, event('form_submitted', {}), couple).verdict).toBe(
      true,
    )
  })

  test('every root is read by its path, and nothing beyond what is written there', () => {
    const { fact, happened } = worldOf(view, state, null, () => null)
    expect(
      [
        'client.stage',
        'client.fields.song',
        'vendor.region',
        'answers.details.guests',
        'outputs.ask.rating',
        'event.form',
      ].map(fact),
    ).toEqual(['booked', 'Ave', 'GB', 80, 5, 'details'])
    for (const nothing of [
      'client.fields.constructor',
      'wedding.guests',
      'client.id',
      'answers.songs.x',
      'event.__proto__.x',
      'client.tags.length',
    ]) {
      expect(fact(nothing)).toBeUndefined()
    }
    expect(happened('form_submitted')).toBe(2)
    expect(happened('toString')).toBe(0)
    const inside = worldOf(view, state, event('x', { form: 'songs' }), () => null)
    expect(inside.fact('event.form')).toBe('songs')
  })
})
