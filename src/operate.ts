import type { BackupState, Operating } from './api/operating.ts'
import type { Config } from './config.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './core/time/instant.ts'
import type { Engine } from './engine/engine.ts'
import type { House } from './main.ts'
import type { Log } from './ports.ts'
import { type RedisWarning, redisWarnings } from './queue/redis-warnings.ts'
import { backupTrouble, lastBackup } from './store/backups.ts'
import { doubtsOf } from './store/doubts.ts'
import { allVendors } from './store/journeys.ts'
import { openBreakers } from './store/workers.ts'

/** How the house is, for whoever operates it: read from the rows, so that it holds for all its processes. */
export type Operate = { read(): Promise<Operating>; close(): void }

const REDIS_ASKED_EVERY_MS = 5 * MINUTE_MS
/** Health may be asked by anybody; the database is not. */
const KEPT_MS = 2 * SECOND_MS
/** Without a schedule of ours somebody else makes one every night. */
const BACKUP_EVERY_HOURS = 24
/** One takes its time, and the next machine looks a little later. */
const BACKUP_LATE_MS = 2 * HOUR_MS

export function operate(house: House, log: Log): Operate {
  const { engine, config } = house
  const redis = watchRedis(config, log)
  let kept: { readonly until: number; readonly told: Promise<Operating> } | null = null
  const ask = async (): Promise<Operating> => {
    const up = house.ringsOut()
    const [broken, doubts, backup] = await Promise.all([
      openBreakers(engine.db, engine.clock.now()),
      doubtsOf(engine.db),
      backupState(engine, config),
    ])
    const breakers: { [provider: string]: number } = {}
    for (const { provider } of broken) breakers[provider] = (breakers[provider] ?? 0) + 1
    return { redis: up === null ? null : { up, warnings: redis.kinds() }, breakers, doubts, backup }
  }
  return {
    read() {
      const now = performance.now()
      if (kept === null || kept.until <= now) kept = { until: now + KEPT_MS, told: ask() }
      return kept.told
    },
    close: redis.close,
  }
}

/** Asked at the start without keeping it waiting, and again now and then: what is new is told. */
function watchRedis({ redisUrl }: Config, log: Log): { kinds(): RedisWarning['is'][]; close(): void } {
  if (redisUrl === null) return { kinds: () => [], close: () => undefined }
  let known: RedisWarning['is'][] = []
  const look = async (): Promise<void> => {
    const found = await redisWarnings(redisUrl)
    for (const { is, says, fix } of found) if (!known.includes(is)) log.warn(`${says} ${fix}`)
    known = found.map((one) => one.is)
  }
  void look()
  const timer = setInterval(() => void look(), REDIS_ASKED_EVERY_MS)
  timer.unref()
  return { kinds: () => known, close: () => clearInterval(timer) }
}

export async function backupState({ db, clock }: Engine, { backups }: Config): Promise<BackupState> {
  const [last, trouble] = await Promise.all([lastBackup(db), backupTrouble(db)])
  return {
    ageMs: last === null ? null : clock.now() - last.at,
    proved: last !== null && last.verified_at !== null,
    trouble: trouble?.trouble ?? null,
    oldAfterMs: (backups?.everyHours ?? BACKUP_EVERY_HOURS) * HOUR_MS + BACKUP_LATE_MS,
    needed: last !== null || (await allVendors(db)).length > 0,
  }
}
