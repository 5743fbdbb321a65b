import { Counter, Gauge, type Registry } from 'prom-client'
import { backupIsWell, type Operating } from './operating.ts'

/** What an operator is told of the house, in Prometheus' words; read from the rows at each scrape. */
export function operatingMetrics(registry: Registry): (now: Operating) => void {
  const registers = [registry]
  const unknown = new Counter({
    name: 'wedsync_effects_unknown_total',
    help: 'Sends whose outcome nobody knew',
    registers,
  })
  const settledBy = new Counter({
    name: 'wedsync_effects_unknown_settled_by',
    help: 'Sends whose outcome nobody knew, by what settled them',
    labelNames: ['how'],
    registers,
  })
  const resent = new Counter({
    name: 'wedsync_effects_resent_after_unknown_total',
    help: 'Recorded second sends after an unknown outcome',
    registers,
  })
  const open = new Gauge({
    name: 'wedsync_effects_unknown',
    help: 'Sends whose outcome nobody knows now',
    registers,
  })
  const unresolved = new Gauge({
    name: 'wedsync_effects_unresolved',
    help: 'Sends that a person has to decide about',
    registers,
  })
  const breakers = new Gauge({
    name: 'wedsync_breakers_open',
    help: 'Businesses for which a provider is not called now',
    labelNames: ['provider'],
    registers,
  })
  const redisUp = new Gauge({
    name: 'wedsync_redis_up',
    help: '1 while rings go out over Redis; absent without Redis',
    registers,
  })
  const redisWarnings = new Gauge({
    name: 'wedsync_redis_warnings',
    help: 'Settings of Redis that an operator should change',
    registers,
  })
  const backupAge = new Gauge({
    name: 'wedsync_backup_age_seconds',
    help: 'Age of the last good backup; absent when there is none',
    registers,
  })
  const backupOk = new Gauge({
    name: 'wedsync_backup_ok',
    help: '1 when the last backup was good and is young enough',
    registers,
  })
  for (const one of [redisUp, redisWarnings, backupAge, backupOk]) one.remove()

  const told = new Map<string, number>()
  /** A counter never goes back, though an erasure takes rows away. */
  const grown = (name: string, value: number): number => {
    const before = told.get(name) ?? 0
    told.set(name, Math.max(before, value))
    return Math.max(0, value - before)
  }

  return (now) => {
    const of = (how: string): number => now.doubts.find((one) => one.how === how)?.effects ?? 0
    unknown.inc(grown('unknown', sum(now.doubts.map((one) => one.effects))))
    resent.inc(grown('resent', sum(now.doubts.map((one) => one.resends))))
    for (const { how, effects } of now.doubts)
      if (how !== 'open' && how !== 'unresolved') settledBy.inc({ how }, grown(`by ${how}`, effects))
    open.set(of('open'))
    unresolved.set(of('unresolved'))
    breakers.reset()
    for (const [provider, businesses] of Object.entries(now.breakers)) breakers.set({ provider }, businesses)
    if (now.redis) {
      redisUp.set(now.redis.up ? 1 : 0)
      redisWarnings.set(now.redis.warnings.length)
    }
    if (now.backup.ageMs !== null) backupAge.set(now.backup.ageMs / 1_000)
    backupOk.set(backupIsWell(now.backup) ? 1 : 0)
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
