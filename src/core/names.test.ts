import { expect, test } from 'vitest'
import { parseRegion } from './names.ts'

test('a country is written as all calendars write it, and one that is none is not taken', () => {
  expect(['GB', 'UK', 'GB-SCT', 'UK-SCT', 'US-NY', 'XK'].map(parseRegion)).toEqual([
    'GB',
    'GB',
    'GB-SCT',
    'GB-SCT',
    'US-NY',
    'XK',
  ])
  expect(['XX', 'Germany', 'de', '', 'G', 'GB-', 'GB-SCOTLAND'].map(parseRegion)).toEqual(
    Array.from({ length: 7 }, () => null),
  )
})
