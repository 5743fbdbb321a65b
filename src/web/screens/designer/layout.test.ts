import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLANK } from '../../../../test/fixtures/blank-journey.ts'
import type { NodeId } from '../../../core/ids.ts'
import { insert } from '../../../core/journey/edit/edits.ts'
import { newSteps } from '../../../core/journey/edit/new-step.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { type Drawn, layout, STEP_HEIGHT, STEP_WIDTH, shownExits } from './layout.ts'
import { registry } from './registry.ts'

const steps = newSteps(registry)
const draw = (journey: Journey): Drawn => layout(outlineOf(journey, registry))

function faultsOf(journey: Journey): string[] {
  const outline = outlineOf(journey, registry)
  const drawn = layout(outline)
  const faults: string[] = []
  const spots = [...drawn.spots]
  if (spots.length !== journey.nodes.length) faults.push('a step has no place')
  for (const [at, [a, one]] of spots.entries())
    for (const [b, other] of spots.slice(at + 1))
      if (Math.abs(one.x - other.x) < STEP_WIDTH && Math.abs(one.y - other.y) < STEP_HEIGHT)
        faults.push(`${a} and ${b} touch`)
  for (const way of drawn.ways) {
    if (way.round || way.to === null) continue
    if (way.end.y <= way.start.y) faults.push(`${way.id} leads up`)
    for (const [id, spot] of spots)
      if (
        Math.abs(spot.x - way.lane) < STEP_WIDTH / 2 &&
        spot.y > way.start.y &&
        spot.y < way.end.y - STEP_HEIGHT
      )
        faults.push(`${way.id} runs through ${id}`)
  }
  for (const node of journey.nodes) {
    const lanes = shownExits(outline, node).flatMap(
      (exit) => drawn.ways.find((way) => way.id === `${node.id}.${exit}` && !way.round)?.lane ?? [],
    )
    if (lanes.some((lane, index) => index > 0 && lane < lanes[index - 1]!))
      faults.push(`the branches of ${node.id} change places`)
  }
  return faults
}

describe('the examples', () => {
  const examples = import.meta.glob<Journey>('../../../../examples/*.json', {
    eager: true,
    import: 'default',
  })
  test.each(Object.entries(examples))('%s can be looked at', (_, journey) => {
    expect(faultsOf(journey)).toEqual([])
  })
})

test('what follows stands straight below; branches stand side by side in their order', () => {
  const decided = insert(
    BLANK,
    registry,
    { from: 'begin' as NodeId, exit: 'next' },
    steps.find((one) => one.key === 'condition')!.clip,
  )
  if (!decided.ok) throw new Error(decided.why)
  const { spots, ways } = draw(decided.journey)
  const x = (id: string) => spots.get(id as NodeId)!.x
  expect([x('begin'), x('if'), x('end')]).toEqual([0, 0, 0])
  const lane = (exit: string) => ways.find((way) => way.exit === exit)!.lane
  expect(lane('yes')).toBeLessThan(0)
  expect(lane('otherwise')).toBeGreaterThan(0)
  expect(lane('yes') + lane('otherwise')).toBe(0)
})

const grown = fc
  .array(fc.record({ pick: fc.nat(1_000), kind: fc.nat(1_000) }), { maxLength: 40 })
  .map((all) =>
    all.reduce((journey, { pick, kind }) => {
      const outline = outlineOf(journey, registry)
      const places = journey.nodes.flatMap((node) =>
        outline.exits(node).map((exit) => ({ from: node.id, exit })),
      )
      const edited = insert(
        journey,
        registry,
        places[pick % places.length]!,
        steps[kind % steps.length]!.clip,
      )
      return edited.ok ? edited.journey : journey
    }, BLANK),
  )

test('whatever is drawn, nothing touches, nothing is run through, and branches keep their order', () => {
  fc.assert(
    fc.property(grown, (journey) => void expect(faultsOf(journey)).toEqual([])),
    { numRuns: 200 },
  )
})

const PHASES = [undefined, 'Booked', 'Planning', 'After']
const phased = fc.tuple(grown, fc.infiniteStream(fc.constantFrom(...PHASES))).map(([journey, phases]) => ({
  ...journey,
  nodes: journey.nodes.map((node) => {
    const phase = phases.next().value
    return phase === undefined ? node : { ...node, phase }
  }),
}))

test('so it is with whatever phases, and each of them has its rows to itself', () => {
  fc.assert(
    fc.property(phased, (journey) => {
      expect(faultsOf(journey)).toEqual([])
      const { spots, phases } = draw(journey)
      const around = (y: number): string | null | undefined => phases.findLast(({ top }) => top <= y)?.phase
      for (const { id, phase } of journey.nodes)
        if (phase !== undefined) expect(around(spots.get(id)?.y ?? 0)).toBe(phase)
    }),
    { numRuns: 200 },
  )
})

test('the same journey is drawn the same, also written in another order', () => {
  fc.assert(
    fc.property(grown, (journey) => {
      const turned = { ...journey, edges: journey.edges.toReversed() }
      expect([...draw(turned).spots].sort()).toEqual([...draw(journey).spots].sort())
    }),
  )
})
