import { describe, expect, test } from 'vitest'
import { journeyOf, mail } from '../fixtures/told-run.ts'
import { story } from './story.ts'

const offer = journeyOf([mail('offer', { class: 'relationship' })], [])
const reminder = journeyOf([mail('reminder', { class: 'relationship' })], [])

describe('a cap of one letter in three days', () => {
  test('holds also when two journeys have one for the same couple at the same moment', async () => {
    const s = await story({
      now: '2027-05-01T08:00:00Z',
      rules: { caps: { relationship: { max: 1, windowHours: 72, policy: 'later' } } },
    })
    await s.publishes('offers', offer)
    await s.publishes('reminders', reminder)
    const couple = await s.couple({})
    await s.event(couple.client, 'contract_signed')
    expect(await s.told(couple.client)).toHaveLength(1)
    await s.runUntil('2027-05-10T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([
      '2027-05-01 09:00 offer → partner_a',
      '2027-05-04 09:00 reminder → partner_a',
    ])
  })
})
