import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { openSession } from '../../src/postgres/client.ts'
import type { Dice } from './dice.ts'
import { HOOK_FAULTS } from './hooks/receiver.ts'
import { MAIL_FAULTS } from './provider/mail-server.ts'
import type { Town } from './town.ts'

/**
 * What can go wrong, each with its name, how often it is drawn, and what it does. A nemesis resolves when its
 * fault is over; what was killed comes back by itself.
 */
type Nemesis = {
  readonly name: string
  readonly weight: number
  strike(town: Town, dice: Dice): Promise<void>
}

const LEASE_MS = 10_000

const NEMESES: readonly Nemesis[] = [
  {
    name: 'kill_worker',
    weight: 8,
    strike: async ({ workers }, dice) => dice.oneOf(workers).kill('SIGKILL', dice.whole(100, 2_500)),
  },
  {
    name: 'kill_api',
    weight: 4,
    strike: async ({ apis }, dice) => dice.oneOf(apis).kill('SIGKILL', dice.whole(100, 2_500)),
  },
  {
    name: 'freeze_worker',
    weight: 3,
    strike: ({ workers }, dice) => dice.oneOf(workers).freeze(dice.between(0.5, 2) * LEASE_MS),
  },
  {
    name: 'freeze_api',
    weight: 1,
    strike: ({ apis }, dice) => dice.oneOf(apis).freeze(dice.between(500, 4_000)),
  },
  {
    name: 'restart_postgres',
    weight: 3,
    strike: async ({ postgres }, dice) => postgres.process.kill('SIGQUIT', dice.whole(0, 1_000)),
  },
  {
    name: 'kill_postgres',
    weight: 2,
    strike: async ({ postgres }, dice) => postgres.process.kill('SIGKILL', dice.whole(0, 1_000)),
  },
  { name: 'terminate_sessions', weight: 4, strike: terminateSessions },
  { name: 'flushall', weight: 3, strike: redisCommand(() => 'FLUSHALL') },
  { name: 'redis_sleep', weight: 1, strike: redisCommand((dice) => `DEBUG SLEEP ${dice.whole(1, 8)}`) },
  { name: 'redis_cut_clients', weight: 2, strike: redisCommand(() => 'CLIENT KILL TYPE normal') },
  {
    name: 'kill_redis',
    weight: 2,
    strike: async ({ redis }, dice) => redis?.process.kill('SIGKILL', dice.whole(100, 2_000)),
  },
  {
    name: 'redis_away',
    weight: 1,
    strike: async ({ redis }, dice) => redis?.process.kill('SIGKILL', dice.whole(8_000, 25_000)),
  },
  {
    name: 'kill_provider',
    weight: 2,
    strike: async ({ provider }, dice) => provider.kill('SIGKILL', dice.whole(100, 1_500)),
  },
  {
    name: 'freeze_provider',
    weight: 1,
    strike: ({ provider }, dice) => provider.freeze(dice.between(500, 5_000)),
  },
  ...MAIL_FAULTS.map((fault) => ({
    name: `mail_${fault}`,
    weight: 1,
    async strike(town: Town, dice: Dice) {
      town.setMood({ fault, share: dice.between(0.05, 0.5), slowMs: dice.whole(500, 6_000) })
      await pause(dice.between(500, 4_000))
      town.setMood(null)
    },
  })),
  {
    name: 'kill_hooks',
    weight: 1,
    strike: async ({ hooks }, dice) => hooks.kill('SIGKILL', dice.whole(100, 1_500)),
  },
  ...HOOK_FAULTS.map((fault) => ({
    name: `hook_${fault}`,
    weight: 1,
    async strike(town: Town, dice: Dice) {
      town.setHookMood({ fault, share: dice.between(0.05, 0.5), slowMs: dice.whole(500, 6_000) })
      await pause(dice.between(500, 4_000))
      town.setHookMood(null)
    },
  })),
  { name: 'rolling_deploy', weight: 3, strike: rollingDeploy },
  { name: 'wire_cut', weight: 3, strike: async (town, dice) => dice.oneOf(wiresOf(town)).cut() },
  {
    name: 'wire_refuse',
    weight: 2,
    strike: (town, dice) => dice.oneOf(wiresOf(town)).refuse(dice.between(200, 2_500)),
  },
  {
    name: 'wire_delay',
    weight: 2,
    strike: (town, dice) => dice.oneOf(wiresOf(town)).delay(dice.between(20, 400), dice.between(500, 3_000)),
  },
  {
    name: 'wire_drop_replies',
    weight: 4,
    strike: (town, dice) => dice.oneOf(wiresOf(town)).mute(dice.between(50, 1_500)),
  },
  { name: 'wire_half_close', weight: 1, strike: async (town, dice) => dice.oneOf(wiresOf(town)).halfClose() },
]

const wiresOf = ({ wires }: Town) => [
  wires.postgres,
  wires.provider,
  wires.hooks,
  ...wires.apis,
  ...(wires.redis ? [wires.redis] : []),
]

/** The next nemesis, by weight; those of Redis are left out where there is none. */
export function draw(dice: Dice, withRedis: boolean): Nemesis {
  const possible = NEMESES.filter((one) => withRedis || !/redis|flushall/.test(one.name))
  let left = dice.next() * possible.reduce((sum, one) => sum + one.weight, 0)
  for (const one of possible) {
    left -= one.weight
    if (left <= 0) return one
  }
  return possible[0] as Nemesis
}

const REPLACED_WITHIN_MS = 40_000

/** One process after the other is told to stop, drains while the load goes on, and is replaced before the next. */
async function rollingDeploy({ apis, workers }: Town, dice: Dice): Promise<void> {
  for (const one of [...workers, ...apis]) {
    const before = one.counts.starts
    one.kill('SIGTERM', 0)
    for (const from = performance.now(); one.counts.starts === before; await pause(50))
      if (performance.now() - from > REPLACED_WITHIN_MS) return
    await pause(dice.between(200, 1_500))
  }
}

async function terminateSessions({ target }: Town, dice: Dice): Promise<void> {
  const share = dice.between(0.05, 1)
  const session = await openSession(target)
  try {
    await session.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'wed_app' and random() < $1`,
      [share],
    )
  } finally {
    await session.close()
  }
}

function redisCommand(text: (dice: Dice) => string) {
  return async ({ redis }: Town, dice: Dice): Promise<void> => {
    if (redis === null) return
    const line = connect(redis.port, '127.0.0.1')
    line.on('error', () => line.destroy())
    line.resume().end(`${text(dice)}\r\n`)
    await new Promise<void>((resolve) => line.once('close', () => resolve()))
  }
}
