import { expect, test } from 'vitest'
import { instantFrom } from '../time/instant.ts'
import type { LocalDate } from '../time/local.ts'
import { anchorsTogether } from './anchor.ts'

const signed = { value: { is: 'moment' as const, at: instantFrom('2027-01-05T10:00:00Z') }, generation: 1 }
const written = { value: { is: 'day' as const, on: '2027-01-04' as LocalDate }, generation: 1 }

test('what is written down counts before what an event has left, until it is taken back', () => {
  expect(anchorsTogether({ booking: signed }, { booking: written })).toEqual({ booking: written })
  const held = { value: null, generation: 2 }
  expect(anchorsTogether({ booking: signed }, { booking: held })).toEqual({ booking: held })
  const unset = { value: null, generation: 2, unset: true as const }
  expect(anchorsTogether({ booking: signed }, { booking: unset })).toEqual({
    booking: { ...signed, generation: 3 },
  })
})
