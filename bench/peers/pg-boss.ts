import pg from 'pg'
import { PgBoss, type Queue, type WorkOptions } from 'pg-boss'
import { jobQueue, type QueueDescription, type Step } from '../harness/job-queue.ts'
import type { System } from '../harness/system.ts'
import { slices, until } from '../harness/timing.ts'

const ADD_AT_ONCE = 5_000
const QUEUE = 'bench'

type Mode = Pick<QueueDescription, 'mode' | 'settings' | 'workloads'> & {
  readonly queue: Omit<Queue, 'name'>
  readonly work: WorkOptions
}

function system({ queue, work, ...about }: Mode): System {
  return jobQueue({ name: 'pg-boss', msPerTimer: 0.5, ...about }, async (world, next) => {
    const boss = new PgBoss({
      connectionString: world.databaseUrl,
      useListenNotify: queue.notify === true,
      schedule: false,
    })
    boss.on('error', console.error)
    await boss.start()
    world.later(() => boss.stop({ graceful: false }))
    await boss.createQueue(QUEUE, queue)

    const add = async (steps: readonly Step[], due?: number): Promise<void> => {
      const startAfter = due === undefined ? {} : { startAfter: new Date(due) }
      for (const slice of slices(steps.length, ADD_AT_ONCE)) {
        await boss.insert(
          QUEUE,
          slice.map((i) => ({ data: steps[i]!, ...startAfter })),
        )
      }
    }
    await boss.work<Step>(QUEUE, work, async (jobs) => {
      const following = jobs.map(({ data }) => next(data)).filter((step) => step !== null)
      if (following.length > 0) await add(following)
    })

    const probe = new pg.Client({ connectionString: world.databaseUrl })
    await probe.connect()
    world.later(() => probe.end())
    const drained = (): Promise<void> =>
      until(async () => {
        const open = await probe.query(
          `select from pgboss.job where name = $1 and state < 'completed' limit 1`,
          [QUEUE],
        )
        return open.rowCount === 0
      })
    return { add, drained }
  })
}

export const systems: readonly System[] = [
  system({
    mode: 'batches of 5,000',
    settings:
      'two workers, batch 5,000, refetch while batches are full, poll 0.5 s, notify on, batched inserts',
    workloads: ['w1', 'w2'],
    queue: { notify: true },
    work: {
      batchSize: 5_000,
      localConcurrency: 2,
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
    },
  }),
  system({
    mode: 'one at a time, notify',
    settings: 'batch 1, notify on',
    workloads: ['w3', 'w4'],
    queue: { notify: true },
    work: {},
  }),
  system({
    mode: 'defaults',
    settings: 'as shipped: a poll every 2 s',
    workloads: ['w3'],
    queue: {},
    work: {},
  }),
]
