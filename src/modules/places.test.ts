import { expect, test } from 'vitest'
import { makePlaces } from './places.ts'

test('until it is known how long one takes, nobody stands in line', () => {
  const places = makePlaces(2)
  expect(places.room()).toBe(2)
  places.take()
  places.take()
  expect(places.room()).toBe(0)
  expect(places.paceMs()).toBeNull()
})

test('the line is as long as it is quick, and first come is first served', async () => {
  const places = makePlaces(2)
  await places.take()
  places.leave(40)
  // Two at once and 40 ms each: a place every 20 ms, so ten wait a fifth of a second.
  expect(places.paceMs()).toBe(20)
  expect(places.room()).toBe(12)
  const order: number[] = []
  const all = Array.from({ length: 4 }, (_, nth) =>
    Promise.resolve(places.take()).then(() => order.push(nth)),
  )
  expect(places.room()).toBe(8)
  await Promise.all(all.slice(0, 2))
  places.leave(null)
  await all[2]
  places.leave(null)
  await Promise.all(all)
  expect(order).toEqual([0, 1, 2, 3])
  expect(places.room()).toBe(10)
  places.leave(null)
  places.leave(null)
  expect(places.room()).toBe(12)
})

test('where one takes seconds, the line is short or there is none', async () => {
  const places = makePlaces(10)
  await places.take()
  places.leave(30_000)
  expect(places.room()).toBe(10)
})
