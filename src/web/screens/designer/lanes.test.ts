import { describe, expect, test } from 'vitest'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { localDate, localTime } from '../../../core/time/calendar.ts'
import { instantOf } from '../../../core/time/zone.ts'
import { plain, TEMPLATES } from '../../../templates/templates.ts'
import { lanesOf } from './lanes.ts'
import { layout } from './layout.ts'
import { registry } from './registry.ts'

/** "begin", then steps as "id phase", each leading to those named after it. */
function journeyOf(ways: { readonly [step: string]: readonly string[] }): Journey {
  const nodes = Object.keys(ways).map((said) => {
    const [id = '', ...phase] = said.split(' ')
    const out = ways[said] ?? []
    const kind = id === 'begin' ? 'trigger' : out.length > 1 ? 'fork' : out.length === 0 ? 'end' : 'action'
    return {
      id,
      kind,
      ...(phase.length > 0 && { phase: phase.join(' ') }),
      ...(kind === 'trigger' && { type: 'manual' }),
      ...(kind === 'action' && { do: { task: { title: id } } }),
      ...(kind === 'fork' && { arms: out }),
    }
  })
  const edges = Object.entries(ways).flatMap(([said, out]) =>
    out.map((to) => ({ from: said.split(' ')[0], exit: out.length > 1 ? to : 'next', to })),
  )
  return {
    format: 1,
    name: 'Test',
    category: 'general',
    reentry: 'never',
    nodes,
    edges,
  } as unknown as Journey
}

function drawnOf(journey: Journey, visits: ReadonlyMap<NodeId, { at: never }> = new Map()) {
  const drawn = layout(outlineOf(journey, registry))
  const lanes = lanesOf(drawn, visits, 'Europe/Rome' as never)
  const rowOf = (id: string) => drawn.spots.get(id as NodeId)?.y ?? 0
  const laneOf = (id: string) => lanes.findLast(({ top }) => top <= rowOf(id))?.phase ?? null
  return { lanes, laneOf, rowOf, phases: lanes.map(({ phase }) => phase) }
}

/** Every step that says a phase, and stands in the lane of another. */
function misplaced(journey: Journey): string[] {
  const { laneOf } = drawnOf(journey)
  return journey.nodes.flatMap(({ id, phase }) =>
    phase === undefined || laneOf(id) === phase ? [] : [`${id}, of ${phase}, stands in ${laneOf(id)}`],
  )
}

const SIDE_BY_SIDE = journeyOf({
  begin: ['hello'],
  'hello Booked': ['fork'],
  fork: ['story', 'eve', 'plan'],
  'story Booked': ['nudge'],
  'nudge Booked': ['end'],
  'eve Wedding week': ['end'],
  'plan Planning': ['call'],
  call: ['timeline'],
  'timeline Wedding week': ['end'],
  end: [],
})

test('branches that run side by side stand in their own phases, though the same number of steps down', () => {
  expect(misplaced(SIDE_BY_SIDE)).toEqual([])
  const { phases, rowOf } = drawnOf(SIDE_BY_SIDE)
  expect(phases).toEqual(['Booked', 'Planning', 'Wedding week'])
  expect(rowOf('plan')).toBeGreaterThan(rowOf('nudge'))
  expect(rowOf('eve')).toBe(rowOf('timeline'))
})

test('a step that says no phase stands with the step before it; where ways meet, with the latest', () => {
  const { laneOf } = drawnOf(SIDE_BY_SIDE)
  expect(['begin', 'fork', 'call', 'end'].map(laneOf)).toEqual([
    'Booked',
    'Booked',
    'Planning',
    'Wedding week',
  ])
})

test('a phase to which a way leads back has a second lane', () => {
  const back = journeyOf({
    begin: ['a'],
    'a Booked': ['b'],
    'b Planning': ['c'],
    'c Booked': ['d'],
    'd Planning': ['end'],
    end: [],
  })
  expect(drawnOf(back).phases).toEqual(['Booked', 'Planning', 'Booked', 'Planning'])
  expect(misplaced(back)).toEqual([])
})

test('phases of one’s own stand where the ways lead to them, the usual ones in their order', () => {
  const own = journeyOf({
    begin: ['fork'],
    fork: ['late', 'tour', 'early'],
    'late After': ['end'],
    'tour Tour': ['booked'],
    'booked Booked': ['end'],
    'early Inquiry': ['quote'],
    'quote Tour': ['end'],
    end: [],
  })
  expect(drawnOf(own).phases).toEqual(['Inquiry', 'Tour', 'Booked', 'After'])
})

test('what no way leads to stands in no phase of the others', () => {
  const goal = { id: 'goal', kind: 'goal', when: { event: 'contract_signed' } }
  const alone = { ...SIDE_BY_SIDE, nodes: [...SIDE_BY_SIDE.nodes, goal] } as Journey
  expect(drawnOf(alone).laneOf('goal')).toBe(null)
  const { phases } = drawnOf(journeyOf({ begin: ['end'], end: [] }))
  expect(phases).toEqual([null])
})

test('where all is in one path, phases move nothing', () => {
  const path = journeyOf({
    begin: ['a'],
    'a Booked': ['b'],
    b: ['c'],
    'c Planning': ['d'],
    'd After': ['end'],
    end: [],
  })
  const { rowOf } = drawnOf(path)
  expect(['begin', 'a', 'b', 'c', 'd', 'end'].map((id) => rowOf(id) / rowOf('a'))).toEqual([0, 1, 2, 3, 4, 5])
})

test('a lane tells the days of all that stands in it', () => {
  const at = (on: string) => ({
    at: instantOf(localDate(on), localTime('09:00'), 'Europe/Rome' as never) as never,
  })
  const visits = new Map([
    ['begin', at('2026-10-09')],
    ['nudge', at('2026-10-20')],
    ['plan', at('2027-01-18')],
    ['timeline', at('2027-07-13')],
    ['end', at('2027-07-16')],
  ] as [NodeId, { at: never }][])
  expect(drawnOf(SIDE_BY_SIDE, visits).lanes.map(({ from, to }) => `${from} to ${to}`)).toEqual([
    'Fri 9 October 2026 to Tue 20 October 2026',
    'Mon 18 January 2027 to Mon 18 January 2027',
    'Tue 13 July 2027 to Fri 16 July 2027',
  ])
})

describe('the templates', () => {
  test.each(TEMPLATES.map((one) => [one.key, plain(one)] as const))('%s', (_, journey) => {
    expect(misplaced(journey)).toEqual([])
  })
})
