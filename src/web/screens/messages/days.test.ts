import { expect, test } from 'vitest'
import { tellHeading, tellUnder } from './days.ts'

test('a list by days says today, yesterday and tomorrow, and else the weekday with its date', () => {
  const say = (day: string) => tellHeading(day, '2027-06-10')
  expect(['2027-06-11', '2027-06-10', '2027-06-09', '2027-06-07', '2026-12-31'].map(say)).toEqual([
    'Tomorrow',
    'Today',
    'Yesterday',
    expect.stringMatching(/^Monday.*7/),
    expect.stringMatching(/2026/),
  ])
})

test('an hour stands under its day, and says its own where the couple’s calendar is a page ahead', () => {
  expect(tellUnder('2027-06-10T08:00:00Z', 'Europe/Rome', 'Europe/London')).toBe('10:00')
  expect(tellUnder('2027-06-10T23:30:00Z', 'Asia/Tokyo', 'UTC')).toMatch(/Fri.*11.* 08:30$/)
})
