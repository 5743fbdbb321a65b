import { afterEach, expect, test } from 'vitest'
import { playZoneData } from '../../../core/time/zone.ts'
import { questionsAhead, ZONE_PROBES, zoneAnswers } from '../../../core/time/zone-probes.ts'
import { exampleView, withWedding } from '../../../core/wedding/example-view.ts'
import { clocksHere, disputed } from './clocks.ts'

afterEach(() => playZoneData({}))
const vancouver = withWedding('2026-12-05', 'America/Vancouver')
const asked = [...ZONE_PROBES, ...questionsAhead(['America/Vancouver', 'Asia/Tokyo'] as never, 2026, 5)]
const server = () => zoneAnswers(asked)

test('with the clocks of the server a browser looks ahead by itself', () => {
  const clocks = clocksHere(server())
  expect(clocks).toEqual({ able: true, differ: [] })
  expect(disputed({ view: vancouver, clocks }, {})).toBeNull()
})

test('with older clocks it does not where they matter: at the venue, or in a rule', () => {
  const theirs = server()
  playZoneData({ 'America/Vancouver': 'America/Los_Angeles' })
  const clocks = clocksHere(theirs)
  expect(clocks.differ).toEqual(['America/Vancouver'])
  expect(disputed({ view: vancouver, clocks }, {})).toBe('America/Vancouver')
  expect(disputed({ view: exampleView, clocks }, {})).toBeNull()
  const rule = { wait: { on: '2026-12-05', zone: { fixed: 'America/Vancouver' } } }
  expect(disputed({ view: exampleView, clocks }, rule)).toBe('America/Vancouver')
})

test('news that no probe knows of yet are found in the months ahead', () => {
  const theirs = server()
  playZoneData({ 'Asia/Tokyo': 'Asia/Seoul', 'America/Vancouver': 'America/Vancouver' })
  expect(clocksHere(theirs).differ).toEqual([])
  playZoneData({ 'Asia/Tokyo': 'Asia/Shanghai' })
  expect(clocksHere(theirs).differ).toEqual(['Asia/Tokyo'])
})
