import { expect, test } from 'vitest'
import type { RunId, VendorId } from '../../src/core/ids.ts'
import { instantFrom, MINUTE_MS, plusMs } from '../../src/core/time/instant.ts'
import { ALL_SHARDS } from '../../src/engine/engine.ts'
import { makeClaimer, type Taken } from '../../src/queue/claimer.ts'
import type { ClaimOptions, Due, Pair } from '../../src/store/claims.ts'
import type { RunRef } from '../../src/store/refs.ts'
import { steppedClock, tellingLog, told } from './stage.ts'

/** A claimer over a table in memory: what is asked of the database, how often, and what is taken. */
function stage(options: { readonly seatsMax?: number; readonly fails?: () => boolean } = {}) {
  const clock = steppedClock(instantFrom('2027-05-01T08:00:00Z'))
  const rows: (Due<RunRef> & { vendor: string })[] = []
  const taken: Taken<RunRef>[] = []
  const asked: { pairs: readonly Pair[]; how: ClaimOptions }[] = []
  told.length = 0
  const claimer = makeClaimer<RunRef>({
    clock,
    log: tellingLog,
    name: 'runs',
    seatsMax: options.seatsMax ?? 2_000,
    batchMax: 500,
    idOf: (ref) => ref.run,
    take: (one) => void taken.push(one),
    mayClaim: () => true,
    looked: () => undefined,
    async ask(pairs, how) {
      asked.push({ pairs: [...pairs], how })
      if (options.fails?.()) throw new Error('the database is away')
      const found: Due<RunRef>[] = []
      const next: (Pair & { at: typeof how.now })[] = []
      for (const { shard, band } of pairs) {
        const own = rows
          .filter((row) => row.shard === shard && row.band === band)
          .sort((a, b) => a.due - b.due)
        const due = own.filter((row) => row.due <= how.now).slice(0, how.past?.depth ?? how.per)
        found.push(...due.filter((row) => !how.past?.vendors.includes(row.ref.vendor)).slice(0, how.per))
        const later = own.find((row) => row.due > how.now)
        if (later) next.push({ shard, band, at: later.due })
      }
      return { rows: found, next }
    },
  })
  let ids = 0
  const add = (vendor: string, how: { shard?: number; band?: number; agoMs?: number; count?: number }) => {
    for (let i = 0; i < (how.count ?? 1); i += 1) {
      ids += 1
      const ref = { vendor: vendor as VendorId, run: `run-${ids}` as RunId }
      rows.push({
        ref,
        vendor,
        shard: how.shard ?? ids % 64,
        band: how.band ?? 3,
        due: plusMs(clock.now(), -(how.agoMs ?? 0)),
      })
    }
  }
  /** The row was worked off, as a commit does. */
  const workOff = (one: Taken<RunRef>): void => {
    const at = rows.findIndex((row) => row.ref.run === one.id)
    if (at >= 0) rows.splice(at, 1)
    claimer.leave(one.id)
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve, 10))
  return { clock, rows, taken, asked, claimer, add, workOff, settle }
}

test('a ring is one question about one bell, and an answer with nothing ends it', async () => {
  const s = stage()
  s.claimer.ring({ shard: 3, band: 1 })
  await s.settle()
  expect(s.asked.map((one) => one.pairs.map(({ shard, band }) => [shard, band]))).toEqual([[[3, 1]]])
  expect(s.claimer.quiet).toBe(true)
})

test('more than a look can take is taken by the next looks, each row once', async () => {
  const s = stage()
  s.add('a', { shard: 3, count: 1_200 })
  s.claimer.ring({ shard: 3, band: 3 })
  await s.settle()
  while (s.rows.length > 0) {
    for (const one of s.taken.slice(-500)) s.workOff(one)
    await s.settle()
  }
  expect(s.taken.length).toBe(1_200)
  expect(new Set(s.taken.map((one) => one.id)).size).toBe(1_200)
})

test('rows that do not move are not asked for again and again, and do not hide those behind them', async () => {
  const s = stage({ seatsMax: 100 })
  s.add('stuck', { shard: 3, count: 70, agoMs: 1_000 })
  s.add('well', { shard: 3, count: 5 })
  s.claimer.ring({ shard: 3, band: 3 })
  for (let round = 0; round < 20; round += 1) {
    await s.settle()
    for (const one of s.taken) if (one.ref.vendor === 'well') s.workOff(one)
    // What is stuck is given back as it was.
    for (const one of s.taken) s.claimer.leave(one.id)
  }
  expect(s.taken.filter((one) => one.ref.vendor === 'well').length).toBe(5)
  expect(s.taken.length).toBe(75)
  expect(s.asked.length).toBeLessThan(12)
})

test('an outage is told once, asked about four times a second, and nothing is lost', async () => {
  let away = true
  const s = stage({ fails: () => away })
  s.add('a', { shard: 3 })
  s.claimer.ring({ shard: 3, band: 3 })
  for (let i = 0; i < 40; i += 1) {
    await s.clock.advance(50)
    s.claimer.pump()
  }
  expect(s.asked.length).toBeLessThanOrEqual(9)
  expect(told.filter((one) => one.level === 'error').length).toBe(1)
  away = false
  await s.clock.advance(300)
  s.claimer.pump()
  await s.settle()
  expect(s.taken.length).toBe(1)
})

test('a flood of one vendor fills three quarters of the open seats; the next look finds the others behind it', async () => {
  const s = stage({ seatsMax: 1_000 })
  s.add('flood', { count: 5_000, agoMs: 60_000 })
  s.add('newcomer', { shard: 11 })
  s.claimer.sweep(ALL_SHARDS)
  await s.settle()
  expect(s.taken.filter((one) => one.ref.vendor === 'flood').length).toBeLessThanOrEqual(600)
  for (let i = 0; i < 5; i += 1) {
    await s.clock.advance(250)
    s.claimer.pump()
    await s.settle()
  }
  expect(s.taken.filter((one) => one.ref.vendor === 'newcomer').length).toBe(1)
})

test('critical work finds seats however full the house is of other work', async () => {
  const s = stage({ seatsMax: 1_000 })
  s.add('flood', { count: 5_000, agoMs: 60_000 })
  s.claimer.sweep(ALL_SHARDS)
  await s.settle()
  s.add('bride', { shard: 9, band: 0 })
  s.claimer.ring({ shard: 9, band: 0 })
  await s.settle()
  expect(s.taken.at(-1)?.ref.vendor).toBe('bride')
})

test('what has waited for fourteen minutes counts as urgent and gets one of their seats', async () => {
  const s = stage({ seatsMax: 100 })
  s.add('flood', { count: 2_000, band: 2, agoMs: 1_000 })
  s.add('old', { count: 40, shard: 11, agoMs: 15 * MINUTE_MS })
  s.add('old', { count: 1, shard: 12, band: 2, agoMs: 8 * MINUTE_MS })
  s.claimer.sweep(ALL_SHARDS)
  await s.settle()
  s.claimer.sweep(ALL_SHARDS)
  await s.settle()
  const old = s.taken.filter((one) => one.ref.vendor === 'old')
  expect(old.length).toBeGreaterThan(10)
  expect(new Set(old.map((one) => one.band))).toEqual(new Set([1]))
})

test('overdue rows of others are taken when there is nothing of our own to do, and only then', async () => {
  const s = stage()
  s.add('theirs', { shard: 40, agoMs: 6_000 })
  s.add('theirs', { shard: 41, agoMs: 4_000 })
  s.claimer.sweep([0, 1, 2])
  await s.settle()
  expect(s.taken).toEqual([])
  s.claimer.steal()
  await s.settle()
  expect(s.taken.length).toBe(1)
  s.claimer.steal()
  await s.settle()
  expect(s.asked.length).toBe(2)
})

test('the answer to a look says when to look again', async () => {
  const s = stage()
  s.add('a', { shard: 3, agoMs: -700 })
  s.claimer.sweep(ALL_SHARDS)
  await s.settle()
  expect(s.claimer.next()).toBe(s.clock.now() + 700)
  await s.clock.advance(700)
  s.claimer.pump()
  await s.settle()
  expect(s.taken.length).toBe(1)
  expect(s.asked.length).toBe(2)
})
