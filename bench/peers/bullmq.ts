import { Queue, Worker } from 'bullmq'
import { durableRuntime, type Script, type Task } from '../harness/durable-runtime.ts'
import { jobQueue, type Step } from '../harness/job-queue.ts'
import { type AppendFsync, CannotRun, type System, type World } from '../harness/system.ts'
import { slices, until } from '../harness/timing.ts'

const CONCURRENCY = 100
const WORKERS = 4
const ADD_AT_ONCE = 1_000

function connect<T>(world: World, fsync: AppendFsync) {
  if (world.redis === null) throw new CannotRun('there is no redis-server')
  const connection = { ...world.redis[fsync] }
  const queue = new Queue<T, void, string>('bench', {
    connection,
    defaultJobOptions: { removeOnComplete: true },
  })
  world.later(() => queue.close())
  return {
    queue,
    async work(handle: (data: T, save: (data: T) => Promise<void>) => Promise<void>): Promise<void> {
      for (let i = 0; i < WORKERS; i++) {
        const worker = new Worker<T, void, string>(
          'bench',
          (job) => handle(job.data, (data) => job.updateData(data)),
          { connection, concurrency: CONCURRENCY },
        )
        worker.on('error', console.error)
        world.later(() => worker.close(true))
        await worker.waitUntilReady()
      }
    },
    /** A failed job stays: then this never resolves and there is no figure. */
    drained: () =>
      until(async () => {
        const { waiting = 0, active = 0, delayed = 0, failed = 0 } = await queue.getJobCounts()
        return waiting + active + delayed + failed === 0
      }, 2),
  }
}

function chained(fsync: AppendFsync): System {
  const description = {
    name: 'bullmq',
    mode: `next step added as a job, AOF ${fsync}`,
    settings: `${WORKERS} workers of concurrency ${CONCURRENCY}, runs added in bulks of ${ADD_AT_ONCE}`,
    workloads: ['w1', 'w2', 'w3', 'w4'] as const,
    msPerTimer: 0.3,
  }
  return jobQueue(description, async (world, next) => {
    const { queue, work, drained } = connect<Step>(world, fsync)
    await work(async (step) => {
      const following = next(step)
      if (following !== null) await queue.add('step', following)
    })
    return {
      drained,
      async add(steps, due) {
        for (const slice of slices(steps.length, ADD_AT_ONCE)) {
          const timestamp = Date.now()
          const opts = due === undefined ? {} : { timestamp, delay: due - timestamp }
          await queue.addBulk(slice.map((i) => ({ name: 'step', data: steps[i]!, opts })))
        }
      },
    }
  })
}

function savingProgress(fsync: AppendFsync): System {
  const description = {
    name: 'bullmq',
    mode: `one job saving its progress, AOF ${fsync}`,
    settings: `${WORKERS} workers of concurrency ${CONCURRENCY}, updateData after each step`,
    workloads: ['w1', 'w4'] as const,
    msPerTimer: 0,
  }
  return durableRuntime(description, async (world, script) => {
    type Progress = { readonly task: Task; readonly taken: number }
    const { queue, work, drained } = connect<Progress>(world, fsync)
    await work(async ({ task, taken }, save) =>
      walk(script, task, taken, (now) => save({ task, taken: now })),
    )
    return {
      async start(tasks) {
        for (const slice of slices(tasks.length, ADD_AT_ONCE)) {
          await queue.addBulk(slice.map((i) => ({ name: 'run', data: { task: tasks[i]!, taken: 0 } })))
        }
      },
      finished: drained,
    }
  })
}

async function walk(script: Script, task: Task, taken: number, save: (taken: number) => Promise<void>) {
  script.begun(task)
  for (let step = taken; step < task.steps; step++) {
    script.step(task, step)
    await save(step + 1)
  }
}

export const systems: readonly System[] = [
  chained('everysec'),
  chained('always'),
  savingProgress('everysec'),
  savingProgress('always'),
]
