import { expect, test } from 'vitest'
import { coupleView, email, journeyOf, liveFrom } from '../../../test/fixtures/couple-run.ts'
import { instantFrom, isoOf } from '../time/instant.ts'
import { changedAnchors, previewMove } from './preview-move.ts'

const now = instantFrom('2027-01-11T09:00:00Z')
const before = (days: number, more: object = {}) => ({
  when: { before: { days }, of: 'wedding', at: '10:00' },
  ...more,
})
const graph = (more: object = {}) =>
  journeyOf(
    [
      { id: 'begin', kind: 'trigger', type: 'contract_signed' },
      email('details', before(28, more)),
      email('letter', { when: { on: '2027-06-20' } }),
    ],
    [
      { from: 'begin', to: 'details' },
      { from: 'details', exit: 'sent', to: 'letter' },
    ],
  )
const preview = (more: object, to: string) => {
  const journey = graph(more)
  const view = coupleView('2027-06-12')
  const { run } = liveFrom(journey, now, view)
  return previewMove(journey, run, view, coupleView(to, 'Europe/London', 2), now)
}

test('a wedding moved three weeks takes its steps along, and leaves those that do not hang on it', () => {
  const { steps, ends } = preview({}, '2027-07-03')
  expect(steps.map(({ node, is, from, to }) => [node, is, from && isoOf(from), to && isoOf(to)])).toEqual([
    ['details', 'moves', '2027-05-15T09:00:00.000Z', '2027-06-05T09:00:00.000Z'],
    ['letter', 'stays', '2027-06-20T09:00:00.000Z', '2027-06-20T09:00:00.000Z'],
  ])
  expect(ends).toBeNull()
})

test('a step that asks waits for a choice', () => {
  const { steps } = preview({ move: 'ask' }, '2027-07-03')
  expect(steps[0]).toMatchObject({ node: 'details', is: 'needs_you', choices: ['follow', 'keep', 'skip'] })
})

test('a step the move puts into the past is left out or given to a person, each with its reason', () => {
  expect(preview({ late: 'skip' }, '2027-01-23').steps[0]).toMatchObject({
    node: 'details',
    is: 'left_out',
    to: null,
  })
  const handed = preview({ late: 'task' }, '2027-01-23').steps[0]!
  expect(handed).toMatchObject({
    node: 'details',
    is: 'needs_you',
    choices: ['send_now', 'merge', 'task', 'skip'],
  })
  expect(handed.why).toBe('Its moment was past, so a person sees to it.')
})

test('a cancelled wedding ends the run, and names what will not be sent', () => {
  const journey = graph()
  const view = coupleView('2027-06-12')
  const { run } = liveFrom(journey, now, view)
  const cancelled = { ...view, wedding: { ...view.wedding!, status: 'cancelled' as const } }
  const { steps, ends } = previewMove(journey, run, view, cancelled, now)
  expect(ends).toBe('cancelled')
  expect(steps.map(({ node, is }) => [node, is])).toEqual([
    ['details', 'left_out'],
    ['letter', 'left_out'],
  ])
})

test('another place or calendar touches every wait, another date only its own', () => {
  const view = coupleView('2027-06-12')
  expect(changedAnchors(view, coupleView('2027-07-03', 'Europe/London', 2))).toEqual(['wedding'])
  expect(changedAnchors(view, coupleView('2027-06-12', 'Europe/Rome'))).toEqual(['*'])
  expect(changedAnchors(view, view)).toEqual([])
})
