import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VendorId } from '../core/ids.ts'
import { makeSeats } from './seats.ts'

const vendor = (name: string) => name as VendorId
const fill = (seats: ReturnType<typeof makeSeats>, name: string, band: number, count: number) => {
  for (let i = 0; i < count; i += 1) seats.take(vendor(name), band)
}

test('a fifth is for critical and high, whoever fills the rest', () => {
  const seats = makeSeats(1_000)
  fill(seats, 'a', 3, 800)
  expect(seats.room().open).toBe(0)
  expect(seats.admits(vendor('newcomer'), 3)).toBe(false)
  expect(seats.room().urgent).toBe(150)
  expect(seats.admits(vendor('newcomer'), 0)).toBe(true)
})

test('where urgent work finds no place, nothing else does: it would hold that place for the length of a call', () => {
  const seats = makeSeats(1_000)
  fill(seats, 'a', 1, seats.room().urgent)
  expect(seats.held).toBe(950)
  expect(seats.room()).toEqual({ urgent: 0, open: 0 })
  seats.leave(vendor('a'), 1)
  expect(seats.room()).toEqual({ urgent: 1, open: 1 })
})

test('one vendor takes three quarters of the open seats; a newcomer finds one at once', () => {
  const seats = makeSeats(1_000)
  fill(seats, 'flood', 3, seats.room().open)
  expect(seats.held).toBe(600)
  expect(seats.room().open).toBe(0)
  expect(seats.heavy()).toEqual(['flood'])
  expect(seats.admits(vendor('flood'), 3)).toBe(false)
  expect(seats.admits(vendor('newcomer'), 3)).toBe(true)
  fill(seats, 'newcomer', 3, 200)
  expect(seats.admits(vendor('another'), 3)).toBe(false)
  seats.leave(vendor('flood'), 3)
  expect(seats.admits(vendor('another'), 3)).toBe(true)
})

test('among many nobody is passed over who holds no more than an equal share', () => {
  const seats = makeSeats(1_000)
  fill(seats, 'a', 3, 100)
  fill(seats, 'b', 3, 10)
  expect(seats.heavy()).toEqual(['a'])
})

test('whatever comes and goes: seats are never oversold, and all given back are free', () => {
  const asked = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 60 }), asked, (max, wishes) => {
      const seats = makeSeats(max)
      const empty = seats.room()
      const taken: [string, number][] = []
      for (const [name, band] of wishes) {
        const room = seats.room()
        const free = band < 2 ? room.urgent : room.open
        if (free > 0 || seats.admits(vendor(name), band)) {
          seats.take(vendor(name), band)
          taken.push([name, band])
        }
        expect(seats.held).toBeLessThanOrEqual(max)
        expect(taken.filter(([, one]) => one >= 2).length).toBeLessThanOrEqual(Math.floor(max * 0.8))
      }
      for (const [name, band] of taken) seats.leave(vendor(name), band)
      expect(seats.room()).toEqual(empty)
      expect(seats.heavy()).toEqual([])
    }),
  )
})
