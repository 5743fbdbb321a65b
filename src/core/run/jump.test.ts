import { describe, expect, test } from 'vitest'
import { anna, ben, couple, journeyOf, mail, tag, tell, wait } from '../../../test/fixtures/told-run.ts'
import type { NodeId } from '../ids.ts'

const at = '2027-01-05T10:00Z'
const fork = (id: string, arms: readonly string[]) => ({ id, kind: 'fork', arms })
const join = (id: string, mode: 'all' | 'first' = 'all') => ({ id, kind: 'join', mode })
const days = (id: string, count: number) => wait(id, { after: { days: count } })

/** The questionnaire and the contract side by side; the letter goes when both are there. */
const side = (mode: 'all' | 'first' = 'all') =>
  journeyOf(
    [
      tag('asked'),
      fork('both', ['questions', 'contract']),
      days('questions', 3),
      tag('answered'),
      days('contract', 5),
      join('met', mode),
      mail('letter'),
      days('pause', 30),
      tag('after'),
    ],
    [
      'asked>both',
      'both.questions>questions',
      'both.contract>contract',
      'questions>answered',
      'answered>met',
      'contract>met',
      'met>letter',
      'letter>pause',
      'pause>after',
    ],
  )
const inside = () =>
  journeyOf(
    [
      fork('outer', ['a', 'b']),
      days('before', 1),
      fork('inner', ['x', 'y']),
      days('long', 9),
      days('short', 2),
      join('inner_met'),
      tag('between'),
      days('other', 4),
      join('outer_met'),
      tag('after'),
    ],
    [
      'outer.a>before',
      'before>inner',
      'inner.x>long',
      'inner.y>short',
      'long>inner_met',
      'short>inner_met',
      'inner_met>between',
      'between>outer_met',
      'outer.b>other',
      'other>outer_met',
      'outer_met>after',
    ],
  )
const jump = (to: string, node: string) => ({ do: 'jump', to: to as NodeId, node: node as NodeId }) as const
const refused = (run: ReturnType<typeof tell>) =>
  run.because
    .filter((one) => one.code === 'ignored_event')
    .map((one) => one.values?.why ?? one.values?.status)

describe('a jump out of a branch', () => {
  test.each(['all', 'first'] as const)('past the join: what lies behind it is done once (%s)', (mode) => {
    const run = tell(side(mode), { at }).command(jump('letter', 'contract'))
    expect([run.told, run.places]).toEqual([['letter → partner_a 2027-01-05T10:00'], ['pause:waiting']])
    expect(run.because).toContainEqual({
      code: 'arm_cancelled',
      node: 'questions',
      visit: 1,
      values: { why: 'other_arm_jumped' },
    })
    run.until('2027-03-01T00:00Z')
    expect([run.sends.length, run.visits('after'), run.tags]).toEqual([1, 1, ['asked', 'after']])
  })
  test('of two that have met already nobody is waited for', () => {
    const run = tell(side(), { at }).until('2027-01-09T00:00Z')
    expect(run.places.sort()).toEqual(['contract:waiting', 'met:joining'])
    run.command(jump('after', 'contract'))
    expect([run.sends, run.visits('after'), run.run.status]).toEqual([[], 1, 'completed'])
  })
  test('back before the fork: both branches are walked anew, and only once', () => {
    const run = tell(side(), { at }).command(jump('asked', 'contract'))
    expect(run.places.sort()).toEqual(['contract:waiting', 'questions:waiting'])
    run.until('2027-03-01T00:00Z')
    expect([run.sends.length, run.visits('met'), run.visits('after')]).toEqual([1, 2, 1])
  })
  test('what the other branch had on its way is withdrawn', () => {
    const journey = journeyOf(
      [fork('both', ['a', 'b']), mail('one'), days('two', 1), join('met'), tag('after')],
      ['both.a>one', 'both.b>two', 'one>met', 'two>met', 'met>after'],
    )
    const run = tell(journey, { at, answer: () => null }).command(jump('after', 'two'))
    expect(run.effects).toContainEqual({
      do: 'cancel_sends',
      names: ['one|1|1|0|partner_a'],
      why: 'other_arm_jumped',
    })
    expect(run.run.status).toBe('completed')
  })
  test('out of the inner fork into the outer branch: only the inner ones end', () => {
    const run = tell(inside(), { at }).until('2027-01-07T00:00Z').command(jump('between', 'long'))
    expect(run.places.sort()).toEqual(['other:waiting', 'outer_met:joining'])
    run.until('2027-03-01T00:00Z')
    expect([run.visits('between'), run.visits('after'), run.run.status]).toEqual([1, 1, 'completed'])
  })
  test('out of both forks at once', () => {
    const run = tell(inside(), { at }).until('2027-01-07T00:00Z').command(jump('after', 'long'))
    expect([run.visits('after'), run.places, run.run.status]).toEqual([1, [], 'completed'])
  })
})

describe('a jump within branches', () => {
  test('along the branch: the join still waits for the other', () => {
    const run = tell(side(), { at }).command(jump('answered', 'questions'))
    expect(run.places.sort()).toEqual(['contract:waiting', 'met:joining'])
    expect(run.until('2027-03-01T00:00Z').sends).toHaveLength(1)
  })
  test('to the join itself: this branch has arrived', () => {
    const run = tell(side(), { at }).command(jump('met', 'questions'))
    expect([run.places.sort(), run.tags]).toEqual([['contract:waiting', 'met:joining'], ['asked']])
  })
  test('into the other branch: refused, and nothing changes', () => {
    const run = tell(side(), { at })
    const before = run.run
    run.command(jump('answered', 'contract'))
    expect(refused(run)).toEqual([
      '"answered" lies in another branch, which is walked by itself. Jump within this branch, or past where they meet.',
    ])
    expect(run.run).toEqual(before)
  })
})

describe('a jump into a branch', () => {
  test('from before the fork: the walk is that branch alone, and its join waits for nobody', () => {
    const journey = journeyOf(
      [
        days('first', 1),
        fork('both', ['a', 'b']),
        tag('one'),
        days('long', 9),
        tag('two'),
        join('met'),
        tag('after'),
      ],
      ['first>both', 'both.a>one', 'both.b>long', 'long>two', 'one>met', 'two>met', 'met>after'],
    )
    const run = tell(journey, { at }).command(jump('one', 'first'))
    expect([run.tags, run.visits('after'), run.run.status]).toEqual([['one', 'after'], 1, 'completed'])
  })
  test('from an outer branch into a fork inside it: the outer join waits for the outer branches', () => {
    const run = tell(inside(), { at }).command(jump('short', 'before'))
    expect(run.places.sort()).toEqual(['other:waiting', 'short:waiting'])
    run.until('2027-01-08T00:00Z')
    expect([run.tags, run.places.sort()]).toEqual([['between'], ['other:waiting', 'outer_met:joining']])
    run.until('2027-03-01T00:00Z')
    expect([run.visits('between'), run.visits('after')]).toEqual([1, 1])
  })
  test('of a step that is done for each of several, nobody is meant: refused', () => {
    const journey = journeyOf(
      [
        days('first', 1),
        { id: 'all', kind: 'fork', each: 'partner' },
        days('one', 2),
        join('met'),
        tag('after'),
      ],
      ['first>all', 'all.each>one', 'one>met', 'met>after'],
    )
    const run = tell(journey, { at, view: { ...couple, people: [anna, ben] } }).command(jump('one', 'first'))
    expect(refused(run)).toEqual(['"one" is done for each of several. Jump to "all".'])
  })
})
