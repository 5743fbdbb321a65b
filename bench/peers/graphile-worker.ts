import { Logger, makeWorkerUtils, type RunnerOptions, run } from 'graphile-worker'
import pg from 'pg'
import { Gather } from '../harness/gather.ts'
import { jobQueue, type QueueDescription, type Step } from '../harness/job-queue.ts'
import type { System } from '../harness/system.ts'
import { slices, until } from '../harness/timing.ts'

const ADD_AT_ONCE = 500
const silent = new Logger(() => () => {})

type Mode = Pick<QueueDescription, 'mode' | 'settings' | 'share'> & {
  readonly options: RunnerOptions
  /** One step waits for company while others are being written, instead of a call each. */
  readonly gatherAdds: boolean
}

function system({ options, gatherAdds, ...about }: Mode): System {
  const description: QueueDescription = {
    name: 'graphile-worker',
    workloads: ['w1', 'w2', 'w3', 'w4'],
    msPerTimer: 0.5,
    ...about,
  }
  return jobQueue(description, async (world, next) => {
    const utils = await makeWorkerUtils({ connectionString: world.databaseUrl, logger: silent })
    world.later(() => utils.release())
    const addAll = (steps: readonly Step[], runAt: { runAt?: Date } = {}) =>
      utils.addJobs(steps.map((payload) => ({ identifier: 'step', payload, ...runAt })))
    const gather = new Gather<Step>(ADD_AT_ONCE, 2, addAll)
    const runner = await run({
      ...options,
      connectionString: world.databaseUrl,
      noHandleSignals: true,
      logger: silent,
      taskList: {
        async step(payload, { addJob }) {
          const following = next(payload as Step)
          if (following !== null) await (gatherAdds ? gather.add(following) : addJob('step', following))
        },
      },
    })
    world.later(() => runner.stop())
    const probe = new pg.Client({ connectionString: world.databaseUrl })
    await probe.connect()
    world.later(() => probe.end())
    return {
      async add(steps, due) {
        const runAt = due === undefined ? {} : { runAt: new Date(due) }
        for (const slice of slices(steps.length, ADD_AT_ONCE)) {
          await addAll(
            slice.map((i) => steps[i]!),
            runAt,
          )
        }
      },
      drained: () =>
        until(
          async () => (await probe.query('select from graphile_worker._private_jobs limit 1')).rowCount === 0,
        ),
    }
  })
}

export const systems: readonly System[] = [
  system({
    mode: 'defaults',
    settings: 'concurrency 10, pool 12, one addJob a step; the rest as shipped',
    share: { w1: 0.1 },
    options: { concurrency: 10, maxPoolSize: 12 },
    gatherAdds: false,
  }),
  system({
    mode: 'local queue, batched',
    settings: `local queue 2,000, 1,000 jobs at once, poll 0.1 s, batched completion, own batched adds of up to ${ADD_AT_ONCE}`,
    options: {
      preset: {
        worker: {
          localQueue: { size: 2_000 },
          concurrentJobs: 1_000,
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
          pollInterval: 100,
        },
      },
    },
    gatherAdds: true,
  }),
]
