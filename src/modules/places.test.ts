import { expect, test } from 'vitest'
import { makePlaces } from './places.ts'

test('until it is known how long one takes, nobody stands in line', () => {
  const places = makePlaces(2)
  expect(places.room(false)).toBe(2)
  places.take(false)
  places.take(false)
  expect(places.room(false)).toBe(0)
  expect(places.paceMs()).toBeNull()
})

test('the line is as long as it is quick, and first come is first served', async () => {
  const places = makePlaces(2)
  await places.take(false)
  places.leave(40)
  // Two at once and 40 ms each: a place every 20 ms, so ten wait a fifth of a second.
  expect(places.paceMs()).toBe(20)
  expect(places.room(false)).toBe(12)
  const order: number[] = []
  const all = Array.from({ length: 4 }, (_, nth) =>
    Promise.resolve(places.take(false)).then(() => order.push(nth)),
  )
  expect(places.room(false)).toBe(8)
  await Promise.all(all.slice(0, 2))
  places.leave(null)
  await all[2]
  places.leave(null)
  await Promise.all(all)
  expect(order).toEqual([0, 1, 2, 3])
  expect(places.room(false)).toBe(10)
  places.leave(null)
  places.leave(null)
  expect(places.room(false)).toBe(12)
})

test('where one takes seconds, the line is short or there is none', async () => {
  const places = makePlaces(10)
  await places.take(false)
  places.leave(30_000)
  // Then two of ten are kept for who cannot wait for one of the others to end.
  expect([places.room(false), places.room(true)]).toEqual([8, 10])
})

test('urgent work finds room however long the line, and stands before it', async () => {
  const places = makePlaces(1)
  await places.take(false)
  places.leave(50)
  const order: string[] = []
  const coming = [false, false, false, false, true].map((urgent, nth) =>
    Promise.resolve(places.take(urgent)).then(() => order.push(urgent ? 'urgent' : String(nth))),
  )
  expect([places.room(false), places.room(true)]).toEqual([0, 3])
  for (const one of [0, 4, 1, 2, 3]) {
    await coming[one]
    places.leave(null)
  }
  expect(order).toEqual(['0', 'urgent', '1', '2', '3'])
})
