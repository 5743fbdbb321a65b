import { expect, test } from 'vitest'
import { instantFrom } from './instant.ts'
import { sameZoneData, ZONE_PROBES, zoneAnswers, zoneDataState } from './zone-probes.ts'

test('the runtime of this project knows every change up to its base', () => {
  const { fresh, stale } = zoneDataState()
  expect({ fresh, stale }).toEqual({ fresh: true, stale: [] })
})

test('changes decided after the base are named, so that nobody trusts a wedding there blindly', () => {
  // Empty once the runtime brings newer data; then these probes prove it.
  const known = ['America/Winnipeg', 'America/Inuvik', 'America/Havana']
  const { behind } = zoneDataState()
  expect(known).toEqual(expect.arrayContaining(behind.map((one) => one.zone)))
  const hourLate = behind.filter((one) => one.got !== null && one.got - one.at === 3_600_000)
  expect(hourLate).toEqual(behind)
})

test('a runtime that has Vancouver an hour late is stale, and says where', () => {
  const old = zoneAnswers().map((answer) =>
    answer.zone === 'America/Vancouver' ? { ...answer, at: '2026-12-05T23:00:00.000Z' } : answer,
  )
  const { fresh, stale } = zoneDataState(old)
  expect(fresh).toBe(false)
  expect(stale).toEqual([
    {
      zone: 'America/Vancouver',
      wall: '2026-12-05 15:00',
      at: instantFrom('2026-12-05T22:00:00Z'),
      got: instantFrom('2026-12-05T23:00:00Z'),
      since: '2026b',
    },
  ])
  expect(sameZoneData(old, zoneAnswers())).toBe(false)
})

test('a runtime that has never heard of a zone is stale too', () => {
  const old = zoneAnswers().map((answer) =>
    answer.zone === 'America/Ciudad_Juarez' ? { ...answer, at: null } : answer,
  )
  expect(zoneDataState(old).stale.map(({ zone, got }) => ({ zone, got }))).toEqual([
    { zone: 'America/Ciudad_Juarez', got: null },
  ])
})

test('two runtimes plan alike only if they answer every probe alike', () => {
  const answers = zoneAnswers()
  expect(answers).toHaveLength(ZONE_PROBES.length)
  expect(sameZoneData(answers, [...answers].reverse())).toBe(true)
  expect(sameZoneData(answers, answers.slice(1))).toBe(false)
})
