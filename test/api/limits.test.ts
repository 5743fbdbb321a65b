import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf, inMemoryLimits, LIMITS, sharedLimits, TooMany } from '../../src/api/frame/limits.ts'
import { redisMissing, type TestRedis, testRedis } from '../queue/redis-server.ts'

const three = { ...LIMITS, key: { points: 3, seconds: 60 } }
const left = (headers: Record<string, string>): string => /r=(\d+)/.exec(headers.ratelimit ?? '')?.[1] ?? ''

test('who asks too often is told when to come again, and nobody else is kept waiting', async () => {
  const limits = inMemoryLimits(three)
  for (const remaining of ['2', '1', '0']) expect(left(await limits.count('key', 'a'))).toBe(remaining)
  const refused = await limits.count('key', 'a').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(TooMany)
  expect((refused as TooMany).headers['retry-after']).toMatch(/^([1-9]|[1-5]\d|60)$/)
  expect(left(await limits.count('key', 'b'))).toBe('2')
})

test('what takes long counts as several, and is never more than all there is', async () => {
  const limits = inMemoryLimits(three)
  expect(left(await limits.count('key', 'a', 2))).toBe('1')
  await expect(limits.count('key', 'a', 2)).rejects.toBeInstanceOf(TooMany)
  expect(left(await limits.count('key', 'b', 20))).toBe('0')
})

test('an address is itself, and of IPv6 the part that one household has', () => {
  expect(addressOf('203.0.113.9')).toBe('203.0.113.9')
  expect(addressOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
  expect(addressOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(addressOf('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
  expect(addressOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(addressOf('::1')).toBe('0:0:0:0::/64')
})

describe.skipIf(redisMissing !== null)('over Redis', () => {
  let server: TestRedis
  let clients: Redis[]
  beforeAll(async () => {
    server = await testRedis()
    await server.start()
    clients = [1, 2].map(
      () =>
        new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 250 }),
    )
    await Promise.all(clients.map((client) => new Promise((resolve) => client.once('ready', resolve))))
    for (const client of clients) client.on('error', () => undefined)
  })
  afterAll(async () => {
    for (const client of clients) client.disconnect()
    await server.stop()
  })

  test('two processes count together; without Redis each still counts, and none stands open', async () => {
    const [one, two] = clients.map((client) => sharedLimits(client, three))
    await one!.count('key', 'a')
    await two!.count('key', 'a')
    expect(left(await one!.count('key', 'a'))).toBe('0')
    await expect(two!.count('key', 'a')).rejects.toBeInstanceOf(TooMany)

    await server.kill()
    const alone: string[] = []
    for (let i = 0; i < 3; i += 1) alone.push(left(await one!.count('key', 'b')))
    expect(alone).toEqual(['2', '1', '0'])
    await expect(one!.count('key', 'b')).rejects.toBeInstanceOf(TooMany)
  })
})
