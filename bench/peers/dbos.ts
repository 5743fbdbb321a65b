import { DBOS, type WorkflowHandle } from '@dbos-inc/dbos-sdk'
import { durableRuntime, type Task } from '../harness/durable-runtime.ts'
import type { System } from '../harness/system.ts'
import { inLanes } from '../harness/timing.ts'

const LANES = 100
const POOL = 20

export const systems: readonly System[] = [
  durableRuntime(
    {
      name: 'dbos',
      mode: 'workflows started directly',
      settings: `${LANES} runs in flight, pool ${POOL}; W2: DBOS.sleep in the workflow`,
      workloads: ['w1', 'w2', 'w3', 'w4'],
      share: { w1: 0.1, w2: 0.25 },
      msPerTimer: 3,
    },
    async (world, script) => {
      DBOS.setConfig({
        name: 'bench',
        systemDatabaseUrl: world.databaseUrl,
        systemDatabasePoolSize: POOL,
        logLevel: 'error',
      })
      const walk = DBOS.registerWorkflow(
        async (task: Task) => {
          if (task.due !== null) await DBOS.sleep(task.due - Date.now())
          script.begun(task)
          for (let step = 0; step < task.steps; step++) {
            await DBOS.runStep(async () => script.step(task, step), { name: `step ${step}` })
          }
        },
        { name: 'walk' },
      )
      await DBOS.launch()
      world.later(() => DBOS.shutdown())

      const underWay: Promise<unknown>[] = []
      return {
        start: (tasks) =>
          inLanes(tasks.length, LANES, async (i) => {
            const handle: WorkflowHandle<void> = await DBOS.startWorkflow(walk)(tasks[i]!)
            // A sleeping run holds no lane; a working one does, and with it the load that was tuned.
            const result = handle.getResult()
            if (tasks[i]!.due === null && tasks.length > 1) await result
            else underWay.push(result)
          }),
        finished: () => Promise.all(underWay.splice(0)),
      }
    },
  ),
]
