import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'
import pg from 'pg'
import { durableRuntime, type Task } from '../harness/durable-runtime.ts'
import type { System } from '../harness/system.ts'
import { inLanes, until } from '../harness/timing.ts'

const CONCURRENCY = 50
const LANES = 10

export const systems: readonly System[] = [
  durableRuntime(
    {
      name: 'openworkflow',
      mode: 'PostgreSQL backend',
      settings: `one worker, concurrency ${CONCURRENCY}; runs created ${LANES} at once; W2: availableAt`,
      workloads: ['w1', 'w2', 'w3', 'w4'],
      share: { w1: 0.05, w2: 0.25 },
      msPerTimer: 3,
    },
    async (world, script) => {
      const backend = await BackendPostgres.connect(world.databaseUrl)
      world.later(() => backend.stop())
      const client = new OpenWorkflow({ backend })
      const walk = client.defineWorkflow<Task, void, undefined>({ name: 'walk' }, async ({ input, step }) => {
        script.begun(input)
        for (let i = 0; i < input.steps; i++) {
          await step.run({ name: `step ${i}` }, () => script.step(input, i))
        }
      })
      const worker = client.newWorker({ concurrency: CONCURRENCY })
      await worker.start()
      world.later(() => worker.stop())

      const probe = new pg.Client({ connectionString: world.databaseUrl })
      await probe.connect()
      world.later(() => probe.end())
      return {
        start: (tasks) =>
          inLanes(tasks.length, LANES, (i) => {
            const { due } = tasks[i]!
            return walk.run(tasks[i]!, due === null ? {} : { availableAt: new Date(due) })
          }),
        finished: () =>
          until(async () => {
            const open = await probe.query(
              `select from openworkflow.workflow_runs where status not in ('completed', 'succeeded') limit 1`,
            )
            return open.rowCount === 0
          }, 20),
      }
    },
  ),
]
