import { describe, expect, test } from 'vitest'
import {
  anna,
  ben,
  couple,
  hasTag,
  journeyOf,
  mail,
  person,
  tag,
  tell,
  wait,
} from '../../../test/fixtures/told-run.ts'

const at = '2027-01-05T10:00Z'
const join = (id: string, mode: 'all' | 'first' = 'all') => ({ id, kind: 'join', mode })
const twoArms = (mode: 'all' | 'first') =>
  journeyOf(
    [
      { id: 'both', kind: 'fork', arms: ['a', 'b'] },
      wait('short', { after: { days: 1 } }),
      wait('long', { after: { days: 5 } }),
      join('met', mode),
      tag('after'),
    ],
    ['both.a>short', 'both.b>long', 'short>met', 'long>met', 'met>after'],
  )

describe('two arms', () => {
  test('all: the walk goes on when the last has come, once', () => {
    const run = tell(twoArms('all'), { at }).until('2027-01-09T00:00Z')
    expect([run.places.sort(), run.tags]).toEqual([['long:waiting', 'met:joining'], []])
    run.until('2027-01-10T10:00Z')
    expect([run.tags, run.run.status, run.visits('after')]).toEqual([['after'], 'completed', 1])
  })
  test('first: the walk goes on with the first, and the other arm is over', () => {
    const run = tell(twoArms('first'), { at }).until('2027-01-06T10:00Z')
    expect([run.tags, run.run.status]).toEqual([['after'], 'completed'])
    expect(run.codes('long')).toContain('arm_cancelled')
  })
  test('first: what the slower arm had asked for is taken back', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['a', 'b', 'c'] },
        mail('letter'),
        { id: 'call', kind: 'action', do: { task: { title: 'Call them', gate: true } } },
        wait('short', { after: { days: 1 } }),
        join('met', 'first'),
      ],
      ['both.a>letter', 'both.b>call', 'both.c>short', 'letter>met', 'call>met', 'short>met'],
    )
    const run = tell(journey, { at, answer: () => null }).until('2027-01-06T10:00Z')
    expect(run.effects).toContainEqual({
      do: 'cancel_sends',
      names: ['letter|1|1|0|partner_a'],
      why: 'other_arm_was_first',
    })
    expect(run.effects).toContainEqual({ do: 'close_task', name: 'task|call|1' })
    expect(run.run.status).toBe('completed')
  })
  test('an arm that ends on the way is not waited for', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['a', 'b'] },
        tag('done_a'),
        wait('long', { after: { days: 5 } }),
        join('met'),
        tag('after'),
      ],
      ['both.a>done_a', 'both.b>long', 'long>met', 'met>after'],
    )
    expect(tell(journey, { at }).until('2027-02-01T00:00Z').tags).toEqual(['done_a', 'after'])
  })
  test('arms that come to different joins of one fork do not wait for each other for ever', () => {
    const journey = journeyOf(
      [
        { id: 'both', kind: 'fork', arms: ['a', 'b'] },
        join('left'),
        join('right'),
        tag('after_left'),
        tag('after_right'),
      ],
      ['both.a>left', 'both.b>right', 'left>after_left', 'right>after_right'],
    )
    const run = tell(journey, { at })
    expect([run.run.status, [...run.tags].sort()]).toEqual(['completed', ['after_left', 'after_right']])
  })
  test('a fork inside an arm is joined before its arm is', () => {
    const journey = journeyOf(
      [
        { id: 'outer', kind: 'fork', arms: ['a', 'b'] },
        { id: 'inner', kind: 'fork', arms: ['x', 'y'] },
        wait('slow', { after: { days: 3 } }),
        join('inside'),
        tag('between'),
        join('outside'),
        tag('after'),
      ],
      [
        'outer.a>inner',
        'outer.b>outside',
        'inner.x>inside',
        'inner.y>slow',
        'slow>inside',
        'inside>between',
        'between>outside',
        'outside>after',
      ],
    )
    const run = tell(journey, { at })
    expect(run.tags).toEqual([])
    expect(run.until('2027-01-08T10:00Z').tags).toEqual(['between', 'after'])
  })
  test('a late wait before the fork is answered for in every arm', () => {
    const journey = journeyOf(
      [
        wait('before', { on: '2027-01-01', at: '09:00' }),
        { id: 'both', kind: 'fork', arms: ['a', 'b'] },
        mail('one', { late: 'send_now' }),
        mail('two', { late: 'send_now' }),
      ],
      ['before>both', 'both.a>one', 'both.b>two'],
    )
    const run = tell(journey, { at }).until('2027-02-01T00:00Z')
    expect(run.told).toEqual(['one → partner_a 2027-01-05T10:00', 'two → partner_a 2027-01-06T10:00'])
  })
})

describe('for each', () => {
  const eachOf = (each: unknown, more: object = {}) =>
    journeyOf(
      [
        { id: 'everyone', kind: 'fork', each, ...more },
        mail('letter', { to: 'each', class: 'transactional' }),
        join('all'),
        tag('after'),
      ],
      ['everyone.each>letter', 'letter>all', 'all>after'],
    )
  const people = (count: number, ref: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => person(ref(n), `m${n}`))

  test('both partners get their own letter', () => {
    const run = tell(eachOf('partner'), { at, view: { ...couple, people: [anna, ben] } })
    expect(run.sends.map((one) => one.recipient)).toEqual(['partner_a', 'partner_b'])
    expect(run.tags).toEqual(['after'])
  })
  test('nobody to do it for: the walk goes on behind the join', () => {
    const run = tell(eachOf('vendor'), { at })
    expect([run.tags, run.run.status, run.sends]).toEqual([['after'], 'completed', []])
  })
  test('forty vendors go through a few at a time, none is left out', () => {
    const view = { ...couple, people: people(40, (n) => `vendor:florist#${n}`) }
    const run = tell(eachOf('vendor', { atOnceMax: 3 }), { at, view, answer: () => null })
    expect(run.places).toEqual(['letter:acting', 'letter:acting', 'letter:acting'])
    let most = 0
    for (let n = 0; n < 40; n++) {
      const next = run.run.state.tokens.find((token) => token.is === 'acting')
      if (next?.is !== 'acting') break
      run.settle(next.effects[0]!, { is: 'done', exit: 'sent' })
      most = Math.max(most, run.run.state.tokens.filter((token) => token.is !== 'joining').length)
    }
    expect(most).toBe(3)
    expect(new Set(run.sends.map((one) => one.recipient)).size).toBe(40)
    expect([run.tags, run.run.status]).toEqual([['after'], 'completed'])
  })
  test('never more than sixteen at once, inside each other too', () => {
    const journey = journeyOf(
      [
        { id: 'outer', kind: 'fork', each: 'vendor' },
        { id: 'inner', kind: 'fork', each: 'partner' },
        wait('pause', { after: { days: 1 } }),
        join('inside'),
        join('outside'),
        tag('after'),
      ],
      ['outer.each>inner', 'inner.each>pause', 'pause>inside', 'inside>outside', 'outside>after'],
    )
    const run = tell(journey, {
      at,
      view: { ...couple, people: [anna, ben, ...people(30, (n) => `vendor:band#${n}`)] },
    })
    for (let day = 6; day < 30; day++) {
      expect(run.run.state.tokens.filter((token) => token.is !== 'joining').length).toBeLessThanOrEqual(16)
      run.until(`2027-01-${String(day).padStart(2, '0')}T11:00Z`)
    }
    expect([run.tags, run.run.status, run.visits('pause')]).toEqual([['after'], 'completed', 60])
  })
  test('a queue of a cancelled arm starts nobody any more', () => {
    const journey = journeyOf(
      [
        { id: 'outer', kind: 'fork', arms: ['a', 'b'] },
        { id: 'inner', kind: 'fork', each: 'vendor', atOnceMax: 1 },
        wait('pause', { after: { days: 1 } }),
        join('inside'),
        wait('soon', { after: { hours: 1 } }),
        join('first', 'first'),
        tag('after'),
      ],
      [
        'outer.a>inner',
        'inner.each>pause',
        'pause>inside',
        'inside>first',
        'outer.b>soon',
        'soon>first',
        'first>after',
      ],
    )
    const run = tell(journey, {
      at,
      view: { ...couple, people: people(5, (n) => `vendor:band#${n}`) },
    }).until('2027-02-01T00:00Z')
    expect([run.tags, run.run.status, run.visits('pause')]).toEqual([['after'], 'completed', 1])
  })
  test('a fork that would be too much stands, and says so', () => {
    const arms = Array.from({ length: 9 }, (_, n) => `arm${n}`)
    const journey = journeyOf(
      [
        { id: 'one', kind: 'fork', arms: ['a', 'b'] },
        { id: 'nine', kind: 'fork', arms },
        { id: 'more', kind: 'fork', arms },
        wait('pause', { after: { days: 1 } }),
      ],
      ['one.a>nine', 'one.b>more', ...arms.flatMap((arm) => [`nine.${arm}>pause`, `more.${arm}>pause`])],
    )
    const run = tell(journey, { at })
    expect(run.places).toContain('more:stuck')
    expect(run.raised).toContain('stuck')
    run.until('2027-01-06T10:00Z').command({ do: 'retry' })
    expect(run.until('2027-01-08T10:00Z').run.status).toBe('completed')
  })
})

test('a tag between two late messages does not make the second one timely', () => {
  const journey = journeyOf(
    [
      wait('before', { on: '2027-01-01', at: '09:00' }),
      tag('seen'),
      { id: 'which', kind: 'condition', cases: [{ exit: 'yes', if: hasTag('seen') }] },
      mail('old', { reminds: true }),
    ],
    ['before>seen', 'seen>which', 'which.yes>old'],
  )
  const run = tell(journey, { at })
  expect([run.tags, run.sends, run.raised]).toEqual([['seen'], [], ['late_skipped']])
})
