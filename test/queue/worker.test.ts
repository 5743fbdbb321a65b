import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorker } from '../../src/queue/worker.ts'
import { begin, coupleOf, dueCount, type ServerStage, serverStage, told, until, vendorWith } from './stage.ts'

let stage: ServerStage
beforeAll(async () => {
  stage = await serverStage()
})
afterAll(() => stage.stop())

test('an event is answered by a message within milliseconds, and rows come to rest', async () => {
  const { engine, provider, close } = stage.open()
  const vendor = await vendorWith(engine, 'mail')
  const couples = await Promise.all(Array.from({ length: 30 }, () => coupleOf(engine, vendor)))
  const worker = startWorker(engine, { shards: 'all' })
  await worker.sweep()
  await worker.idle()
  const latencies: number[] = []
  for (const couple of couples) {
    const before = provider.sent.length
    const startedAt = performance.now()
    await begin(engine, vendor, couple)
    await until(() => provider.sent.length > before)
    latencies.push(performance.now() - startedAt)
    await worker.idle()
  }
  latencies.sort((a, b) => a - b)
  console.log('event to send, ms', latencies[15], latencies[29])
  expect(provider.sent.length).toBe(30)
  expect(latencies[15]).toBeLessThan(100)
  await worker.idle()
  expect(await dueCount(stage.session, engine.clock.now())).toBe(0)
  await worker.drain()
  expect(told.filter((one) => one.level !== 'info')).toEqual([])
  await close()
})
