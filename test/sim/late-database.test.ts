import { expect, test } from 'vitest'
import { house, jumpingClock } from '../../sim/house.ts'
import { instantFrom, plusMs } from '../../src/core/time/instant.ts'
import type { Clock, Db } from '../../src/ports.ts'
import { loopHeartbeat } from '../../src/queue/heartbeat.ts'

const BEGAN = instantFrom('2027-05-01T09:00:00Z')
const ANSWERS_FROM = plusMs(BEGAN, 30_000)
const PATIENCE_ENDS = plusMs(BEGAN, 120_000)

test('a worker that starts while the database is down begins when it is back', async () => {
  const { engine } = await house({ now: '2027-05-01T09:00:00Z' })
  const tired = Promise.withResolvers<'never'>()
  const jumping = jumpingClock(BEGAN)
  const clock: Clock = {
    ...jumping,
    async sleepUntil(at, label) {
      if (at > PATIENCE_ENDS) {
        tired.resolve('never')
        return new Promise(() => undefined)
      }
      return jumping.sleepUntil(at, label)
    },
  }
  const down = async (): Promise<never> => {
    throw new Error('the database is starting')
  }
  const is = (db: Db): Db => (clock.now() < ANSWERS_FROM ? { tx: down, read: down, one: down } : db)
  const db: Db = {
    tx: (...asked) => is(engine.db).tx(...asked),
    read: (...asked) => is(engine.db).read(...asked),
    one: (...asked) => is(engine.db).one(...asked),
  }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const { begun, holds } = loopHeartbeat(
    { ...engine, db, clock, log },
    { pid: 1, host: 'late', process: null },
  )
  expect(await Promise.race([begun.then(() => 'held' as const), tired.promise])).toBe('held')
  expect(holds()).toBe(true)
})
