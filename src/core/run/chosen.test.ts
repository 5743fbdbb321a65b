import { expect, test } from 'vitest'
import { coupleView, email, journeyOf, liveFrom } from '../../../test/fixtures/couple-run.ts'
import type { NodeId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import { instantFrom, isoOf, MINUTE_MS, plusMs } from '../time/instant.ts'
import type { LocalDate } from '../time/local.ts'
import { advance } from './advance.ts'
import type { Choice, Choices } from './chosen.ts'
import { forecast } from './forecast.ts'
import { previewMove } from './preview-move.ts'
import type { Run } from './run.ts'

const now = instantFrom('2027-01-11T09:00:00Z')
const undoUntil = plusMs(now, 10 * MINUTE_MS)
const begin = { id: 'begin', kind: 'trigger', type: 'contract_signed' }
const before = (days: number, more: object = {}) => ({
  when: { before: { days }, of: 'wedding', at: '10:00' },
  ...more,
})
/** A step with its own moment, one behind a wait, and one that stands later on the way. */
const graph = (more: object = {}) =>
  journeyOf(
    [
      begin,
      email('details', before(28, more)),
      { id: 'soon', kind: 'delay', wait: { before: { days: 7 }, of: 'wedding', at: '10:00' } },
      email('timeline'),
      email('thanks', { when: { after: { days: 3 }, of: 'wedding', at: '10:00' } }),
    ],
    [
      { from: 'begin', to: 'details' },
      { from: 'details', exit: 'sent', to: 'soon' },
      { from: 'soon', to: 'timeline' },
      { from: 'timeline', exit: 'sent', to: 'thanks' },
    ],
  )
const old = coupleView('2027-06-12')
const moved = (on: string, generation = 2) => coupleView(on, 'Europe/London', generation)

const move = (journey: Graph, run: Run, on: string, choices: Choices | 'back', generation = 2): Run =>
  advance(
    journey,
    run,
    {
      is: 'details_changed',
      at: now,
      anchors: ['wedding'],
      why: 'owner',
      undoUntil: choices === 'back' ? null : undoUntil,
      choices,
    },
    moved(on, generation),
  ).after
const plan = (journey: Graph, run: Run, on: string, generation = 2) =>
  forecast(journey, run, moved(on, generation), now)
    .steps.filter((step) => step.kind === 'module')
    .map((step) => [step.node, step.what, step.at && isoOf(step.at).slice(0, 16)])
const chosen = (choices: { readonly [node: string]: Choice }): Choices => choices as Choices

test('a step that is kept goes when it would have gone, wherever the date went', () => {
  const journey = graph()
  const { run } = liveFrom(journey, now, old)
  const keep = (at: string): Choice => ({ is: 'keep', at: instantFrom(at) })
  const after = move(
    journey,
    run,
    '2027-08-14',
    chosen({ details: keep('2027-05-15T09:00:00Z'), timeline: keep('2027-06-05T09:00:00Z') }),
  )
  expect(plan(journey, after, '2027-08-14')).toEqual([
    ['details', 'send', '2027-05-15T09:00'],
    ['timeline', 'send', '2027-06-05T09:00'],
    ['thanks', 'send', '2027-08-17T09:00'],
  ])
})

test('a step that is left out is so when it comes, and the walk goes on from there', () => {
  const journey = graph()
  const { run } = liveFrom(journey, now, old)
  const after = move(journey, run, '2027-08-14', chosen({ details: { is: 'skip' } }))
  expect(plan(journey, after, '2027-08-14')).toEqual([
    ['details', 'skip', '2027-07-17T09:00'],
    ['timeline', 'send', '2027-08-07T09:00'],
    ['thanks', 'send', '2027-08-17T09:00'],
  ])
})

test('what the move puts into the past is done as was chosen, and only once the move stands', () => {
  const journey = graph({ late: 'task' })
  const { run } = liveFrom(journey, now, old)
  const left = (choices: Choices) => plan(journey, move(journey, run, '2027-02-01', choices), '2027-02-01')
  expect(left(chosen({ details: { is: 'late', policy: 'send_now' } }))[0]).toEqual([
    'details',
    'send',
    isoOf(undoUntil).slice(0, 16),
  ])
  expect(left(chosen({ details: { is: 'skip' } }))[0]).toEqual([
    'details',
    'skip',
    isoOf(undoUntil).slice(0, 16),
  ])
})

test('a step that would have asked does not ask when it has been answered beforehand', () => {
  const journey = graph({ move: 'ask' })
  const { run } = liveFrom(journey, now, old)
  const asks = move(journey, run, '2027-08-14', {})
  expect(asks.state.tokens[0]).toMatchObject({ is: 'gated' })
  const follows = move(journey, run, '2027-08-14', chosen({ details: { is: 'follow' } }))
  expect(follows.state.tokens[0]).toMatchObject({ is: 'waiting', due: instantFrom('2027-07-17T09:00:00Z') })
})

test('taken back, the run is what it was; a second move taken back leaves the choices of the first', () => {
  const journey = graph()
  const { run } = liveFrom(journey, now, old)
  const first = chosen({ details: { is: 'keep', at: instantFrom('2027-05-15T09:00:00Z') } })
  const once = move(journey, run, '2027-08-14', first)
  expect(plan(journey, move(journey, once, '2027-06-12', 'back', 3), '2027-06-12', 3)).toEqual(
    plan(journey, run, '2027-06-12', 1),
  )
  const twice = move(journey, once, '2027-09-04', {}, 3)
  expect(plan(journey, twice, '2027-09-04', 3)[0]).toEqual(['details', 'send', '2027-08-07T09:00'])
  const back = move(journey, twice, '2027-08-14', 'back', 4)
  expect(plan(journey, back, '2027-08-14', 4)).toEqual(plan(journey, once, '2027-08-14'))
})

test('the preview tells for each step what may be chosen, and what the choice makes of it', () => {
  const journey = graph()
  const { run } = liveFrom(journey, now, old)
  const choices = chosen({
    details: { is: 'keep', at: instantFrom('2027-05-15T09:00:00Z') },
    thanks: { is: 'skip' },
  })
  const { steps } = previewMove(journey, run, old, moved('2027-08-14'), now, { choices })
  expect(
    steps.map(({ node, is, to, chosen: becomes, choices: may }) => [
      node,
      is,
      to && isoOf(to).slice(0, 10),
      becomes && [becomes.is, becomes.to && isoOf(becomes.to).slice(0, 10)],
      may,
    ]),
  ).toEqual([
    ['details', 'moves', '2027-07-17', ['goes', '2027-05-15'], ['follow', 'keep', 'skip']],
    ['timeline', 'moves', '2027-08-07', null, ['follow', 'keep', 'skip']],
    ['thanks', 'moves', '2027-08-17', ['left_out', '2027-08-17'], ['follow', 'keep', 'skip']],
  ])
})

test('a choice is used up by the step it was made for', () => {
  const journey = graph()
  const { run } = liveFrom(journey, now, old)
  const after = move(journey, run, '2027-08-14', chosen({ details: { is: 'skip' } }))
  const due = after.state.tokens[0]?.is === 'waiting' ? after.state.tokens[0].due! : now
  const gone = advance(journey, after, { is: 'due', at: due }, moved('2027-08-14')).after
  expect(gone.state.visits['details' as NodeId]).toBe(1)
  expect(gone.state.chosen).toBeUndefined()
})

const withBalance = (view: ReturnType<typeof coupleView>, on: string, generation: number) => ({
  ...view,
  anchors: {
    ...view.anchors,
    'due:balance': { value: { is: 'day', on: on as LocalDate }, generation } as const,
  },
})
/** Beside the wedding, another date of theirs: a payment that is due. */
const owing = () =>
  journeyOf(
    [
      begin,
      email('details', before(28)),
      email('money', { when: { before: { days: 7 }, of: 'due:balance', at: '10:00' } }),
    ],
    [
      { from: 'begin', to: 'details' },
      { from: 'details', exit: 'sent', to: 'money' },
    ],
  )

test('what is chosen with another date stands beside what was chosen with the move, and goes with it alone', () => {
  const journey = owing()
  const kept = chosen({ details: { is: 'keep', at: instantFrom('2027-05-15T09:00:00Z') } })
  const { run } = liveFrom(journey, now, withBalance(old, '2027-07-01', 1))
  const due = (of: Run, on: string, choices: Choices | 'back', generation: number): Run =>
    advance(
      journey,
      of,
      {
        is: 'details_changed',
        at: now,
        anchors: ['due:balance'],
        why: 'owner',
        undoUntil: null,
        choices,
      },
      withBalance(moved('2027-08-14'), on, generation),
    ).after
  const steps = (of: Run, on: string, generation: number) =>
    forecast(journey, of, withBalance(moved('2027-08-14'), on, generation), now)
      .steps.filter((step) => step.kind === 'module')
      .map((step) => [step.node, step.what, step.at && isoOf(step.at).slice(0, 10)])
  const once = move(journey, run, '2027-08-14', kept)
  const skipped = due(once, '2027-07-21', chosen({ money: { is: 'skip' } }), 2)
  expect(steps(skipped, '2027-07-21', 2)).toEqual([
    ['details', 'send', '2027-05-15'],
    ['money', 'skip', '2027-07-14'],
  ])
  expect(steps(due(skipped, '2027-07-01', 'back', 3), '2027-07-01', 3)).toEqual([
    ['details', 'send', '2027-05-15'],
    ['money', 'send', '2027-06-24'],
  ])
  // A date that nothing was chosen with takes nothing along when it is taken back.
  const plain = due(due(once, '2027-07-21', {}, 2), '2027-07-01', 'back', 3)
  expect(plain.state.chosen).toEqual(once.state.chosen)
  expect(move(journey, skipped, '2027-06-12', 'back', 3).state.chosen).toBeUndefined()
})
