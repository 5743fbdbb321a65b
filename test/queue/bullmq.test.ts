import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Log, Ring } from '../../src/ports.ts'
import { bullmqDoorbell, type RedisDoorbell } from '../../src/queue/bullmq.ts'
import { redisWarnings, warningsIn } from '../../src/queue/redis-warnings.ts'
import { freePort, redisMissing, type TestRedis, testRedis } from './redis-server.ts'
import { until } from './stage.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const told: string[] = []
const log: Log = {
  info: (message) => void told.push(message),
  warn: (message) => void told.push(message),
  error: (message) => void told.push(message),
}
const GONE = 'Redis does not answer; until it does, work is found by the sweep, up to two seconds later'
const BACK = 'Redis answers again; rings go out'

async function redis(settings?: readonly string[]): Promise<TestRedis> {
  const one = await testRedis(settings)
  closers.push(() => one.stop())
  return one
}
function doorbell(url: string): RedisDoorbell {
  const one = bullmqDoorbell({ url, log })
  closers.push(() => one.close())
  return one
}
/** A process that only rings (the API), and one that only hears (a worker). */
async function pair(url: string) {
  told.length = 0
  const heard: { ring: Ring; at: number }[] = []
  const ringer = doorbell(url)
  const hearer = doorbell(url)
  hearer.onRing((ring) => heard.push({ ring, at: performance.now() }) > 0)
  await until(() => ringer.up && hearer.up)
  await until(async () => {
    ringer.ring([{ of: 'runs', shard: 63, band: 3 }])
    await pause(20)
    return heard.length > 0
  })
  await pause(100)
  heard.length = 0
  return { ringer, hearer, heard }
}
const ring = (shard: number, band = 0, of: Ring['of'] = 'runs'): Ring => ({ of, shard, band })

describe.skipIf(redisMissing !== null)(
  `the doorbell on Redis${redisMissing ? ` (${redisMissing})` : ''}`,
  () => {
    test('is heard by another process within milliseconds', async () => {
      const { url } = await redis()
      const { ringer, heard } = await pair(url)
      const latencies: number[] = []
      for (let i = 0; i < 100; i += 1) {
        const startedAt = performance.now()
        const before = heard.length
        ringer.ring([ring(i % 64, i % 4)])
        await until(() => heard.length > before)
        latencies.push((heard.at(-1)?.at ?? 0) - startedAt)
      }
      latencies.sort((a, b) => a - b)
      // The target is five on a quiet machine; without the doorbell it would be up to two thousand.
      expect(latencies[50]).toBeLessThan(25)
      expect(heard.length).toBe(100)
    })

    test('rings once for each shard and band, however often it is rung at one moment', async () => {
      const { url } = await redis()
      const { ringer, heard } = await pair(url)
      for (let i = 0; i < 1_000; i += 1) ringer.ring([ring(i % 10), ring(i % 10, 2, 'effects')])
      await until(() => heard.length >= 20)
      await pause(200)
      expect(new Set(heard.map((one) => JSON.stringify(one.ring))).size).toBe(20)
      expect(heard.length).toBe(20)
    })

    test('loses no ring that comes while another of its name is being worked off', async () => {
      const { url } = await redis()
      const { ringer, heard } = await pair(url)
      for (let i = 0; i < 150; i += 1) {
        ringer.ring([ring(5)])
        // Somewhere in here the second ring meets the first while it is being worked off.
        await pause(2 + (i % 4))
        ringer.ring([ring(5)])
        const rungAt = performance.now()
        await until(() => (heard.at(-1)?.at ?? 0) >= rungAt, 500)
      }
      expect(heard.length).toBeGreaterThanOrEqual(150)
    })

    test('survives FLUSHALL, strange data and a Redis that stands still', async () => {
      const server = await redis()
      const { ringer, heard } = await pair(server.url)
      await server.command('FLUSHALL')
      ringer.ring([ring(1)])
      await until(() => heard.some((one) => one.ring.shard === 1))

      await server.command('FLUSHALL')
      await server.command('SET', 'wedsync:critical:wait', 'not a list')
      await server.command('SET', 'wedsync:critical:marker', 'not a set')
      for (let i = 0; i < 20; i += 1) {
        ringer.ring([ring(2)])
        await pause(10)
      }
      await until(() => told.includes(GONE))
      await server.command('FLUSHALL')
      await until(async () => {
        ringer.ring([ring(2)])
        await pause(50)
        return heard.some((one) => one.ring.shard === 2)
      })

      const asleep = server.command('DEBUG', 'SLEEP', '2')
      await pause(20)
      const startedAt = performance.now()
      for (let i = 0; i < 1_000; i += 1) ringer.ring([ring(3)])
      expect(performance.now() - startedAt).toBeLessThan(100)
      await asleep
      await until(async () => {
        ringer.ring([ring(4)])
        await pause(50)
        return heard.some((one) => one.ring.shard === 4)
      })
    })

    test('does without Redis when it is killed, tells so once, and comes back with it', async () => {
      const server = await redis()
      const { ringer, heard } = await pair(server.url)
      await server.kill()
      for (let i = 0; i < 50; i += 1) {
        ringer.ring([ring(1)])
        await pause(20)
      }
      expect(ringer.up).toBe(false)
      // Two doorbells of this test share a log: each tells once.
      expect(told.filter((one) => one === GONE)).toHaveLength(2)
      await server.start()
      await until(async () => {
        ringer.ring([ring(2)])
        await pause(50)
        return heard.some((one) => one.ring.shard === 2)
      }, 15_000)
      expect(told.filter((one) => one === BACK)).toHaveLength(2)
    }, 30_000)

    test('opens without Redis and finds it later', async () => {
      const port = await freePort()
      const heard: Ring[] = []
      const one = doorbell(`redis://127.0.0.1:${port}`)
      one.onRing((found) => heard.push(found) > 0)
      one.ring([ring(1)])
      await until(() => heard.length === 1)
      expect(one.up).toBe(false)
    })

    test('warns of a Redis that throws away or forgets', async () => {
      const bad = await redis(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'])
      expect(await redisWarnings(bad.url)).toHaveLength(2)
      const good = await redis()
      expect(await redisWarnings(good.url)).toEqual([])
      expect(await redisWarnings(`${good.url}/15`)).toEqual([])
      expect(await redisWarnings(`${good.url}/99`)).toEqual([
        {
          is: 'no_database',
          says: expect.stringMatching(/^Redis at REDIS_URL has no database 99 /),
          fix: expect.stringContaining('0 to 15'),
        },
      ])
      const [unknown] = await redisWarnings(good.url.replace('//', '//nobody:wrong@'))
      expect([unknown?.says, unknown?.fix]).toEqual([
        expect.stringContaining('does not let us in'),
        expect.stringContaining('password'),
      ])
      const [gone] = await redisWarnings(`redis://127.0.0.1:${await freePort()}`)
      expect(gone?.says).toMatch(/does not answer/)
    })
  },
)

test('a Redis that does not say how it is set up is not blamed', () => {
  expect(warningsIn('maxmemory_policy:noeviction\r\naof_enabled:1\r\n')).toEqual([])
  expect(warningsIn('redis_version:7')).toEqual([])
})
