import { expect, test } from 'vitest'
import { outlineOf } from '../../../core/journey/outline.ts'
import { instantFrom, isoOf } from '../../../core/time/instant.ts'
import type { Zone } from '../../../core/time/local.ts'
import { withWedding } from '../../../core/wedding/example-view.ts'
import { payments } from '../../../templates/payments.ts'
import { photographerInquiry } from '../../../templates/photographer-inquiry.ts'
import { plain } from '../../../templates/templates.ts'
import type { ChosenCouple } from './context.ts'
import { foresee, refusedFor } from './foresee.ts'
import { judge } from './judge.ts'
import { layout } from './layout.ts'
import { registry } from './registry.ts'
import { waysNotTaken, waysTaken } from './taken.ts'

const journey = plain(payments)
const couple: ChosenCouple = {
  id: null,
  name: 'Mia & Jonas',
  view: withWedding('2027-07-17', 'Europe/Rome'),
  now: instantFrom('2026-10-09T12:00:00Z'),
  zone: 'Europe/Rome' as Zone,
  clocks: { able: true, differ: [] },
}

test('who begins by a date comes from the beginning like everybody, on the day its rule means for them', () => {
  const steps = foresee(judge(journey, {}), couple) ?? []
  // 44 days before the wedding.
  expect([steps[0]?.node, isoOf(steps[0]!.at!)]).toEqual(['begin', '2027-06-03T07:00:00.000Z'])
  expect(steps[0]?.because[0]?.code).toBe('nominal')
  const outline = outlineOf(journey, registry)
  const dim = waysNotTaken(layout(outline), waysTaken(outline, steps))
  expect(dim.has('begin.next')).toBe(false)
})

test('whom another’s clocks count for is told no day by these', () => {
  const found = judge(journey, {})
  const theirs = (foresee(found, couple) ?? []).slice(1)
  const [beginning] = foresee(found, couple, { steps: theirs, truncated: false }) ?? []
  expect([beginning?.node, beginning?.at]).toEqual(['begin', null])
})

test('where the journey’s own condition keeps them out, it says so', () => {
  const found = judge(plain(photographerInquiry), {})
  expect(foresee(found, couple)).toEqual([])
  expect(refusedFor(found, couple)).toMatch(/^The journey would not begin because the stage is not/)
  const asking = { ...couple, view: { ...couple.view, client: { ...couple.view.client, stage: 'inquiry' } } }
  expect(foresee(found, asking as ChosenCouple)?.length).toBeGreaterThan(0)
  expect(refusedFor(found, asking as ChosenCouple)).toBeNull()
})
