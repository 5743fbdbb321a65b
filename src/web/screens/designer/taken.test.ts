import { expect, test } from 'vitest'
import photographer from '../../../../examples/photographer-booked-to-wedding.json' with { type: 'json' }
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { instantFrom } from '../../../core/time/instant.ts'
import { exampleView } from '../../../core/wedding/example-view.ts'
import { lookAhead } from '../foresight/ahead.ts'
import { layout } from './layout.ts'
import { registry } from './registry.ts'
import { visitsBy, walkedBy, waysNotTaken, waysTaken } from './taken.ts'

const document = photographer as unknown as Journey
const outline = outlineOf(document, registry)
const drawn = layout(outline)

function told(answering: 'always' | 'silent') {
  const looked = lookAhead(
    document,
    exampleView,
    instantFrom('2026-11-21T10:00:00Z'),
    'in_14_months',
    answering,
    () => 0,
  )
  if (looked.is !== 'ahead') throw new Error(looked.is)
  return looked.ahead.told
}

test('who answers and who does not take different ways from the same step, and each is dim on the other', () => {
  const [answers, silent] = [told('always'), told('silent')].map((steps) => waysTaken(outline, steps))
  const only = [...answers!.keys()].filter((way) => !silent!.has(way))
  const notAnswered = [...silent!.keys()].filter((way) => !answers!.has(way))
  expect(only.some((way) => way.endsWith('.happened'))).toBe(true)
  expect(notAnswered.some((way) => way.endsWith('.timeout'))).toBe(true)
  const dim = waysNotTaken(drawn, silent!)
  expect(only.every((way) => dim.has(way))).toBe(true)
  expect([...silent!.keys()].filter((way) => dim.has(way))).toEqual([])
})

test('with every step that passes one more is lit, and the ways lit always join steps that are', () => {
  const steps = told('always')
  const ways = waysTaken(outline, steps)
  for (let passed = 0; passed <= steps.length; passed++) {
    const walked = walkedBy(steps, ways, passed)
    expect(walked.last).toBe(steps[passed - 1]?.node ?? null)
    for (const way of walked.ways) expect(walked.steps.has(way.split('.')[0] as NodeId)).toBe(true)
  }
  expect(walkedBy(steps, ways, 0)).toEqual({ steps: new Set(), ways: new Set(), last: null })
})

test('a step that is visited again shows the visit that was last', () => {
  const visits = [1, 2, 3].map((visit) => ({ node: 'round' as NodeId, visit }))
  expect([0, 1, 2, 3].map((passed) => visitsBy(visits, passed).get('round' as NodeId)?.visit)).toEqual([
    1, 1, 2, 3,
  ])
})
