import { Book } from './book.ts'
import { STEPS_PER_RUN, type System, WARM_UP_RUNS, type World } from './system.ts'
import { assertAhead, dueAfter, idleSamples, samplesAtMost, wallMs } from './timing.ts'

/** The workloads as a queue of jobs runs them: each step is a job that adds the next one before it is done. */
export type Step = { readonly run: number; readonly step: number }

export interface JobQueue {
  /** Resolves when all are stored durably; they run at once, or at `due`. */
  add(steps: readonly Step[], due?: number): Promise<unknown>
  /** Resolves when no job is left. */
  drained(): Promise<void>
}

/** Opens the queue and starts its worker, which calls `next` once a job and adds what it gives. */
export type OpenQueue = (world: World, next: (step: Step) => Step | null) => Promise<JobQueue>

export type QueueDescription = Pick<System, 'name' | 'mode' | 'settings' | 'share'> & {
  readonly workloads: readonly ('w1' | 'w2' | 'w3' | 'w4')[]
  /** What scheduling one delayed job takes, generously: the due time lies that much further ahead. */
  readonly msPerTimer: number
}

export function jobQueue(description: QueueDescription, open: OpenQueue): System {
  const { workloads, msPerTimer, ...about } = description
  const all: Pick<System, 'w1' | 'w2' | 'w3' | 'w4'> = {
    async w1(world, runs) {
      const { book, next } = chain(WARM_UP_RUNS + runs, STEPS_PER_RUN)
      const queue = await open(world, next)
      await warmUp(queue)
      const from = performance.now()
      await queue.add(firstSteps(runs))
      await book.full
      await queue.drained()
      const seconds = (performance.now() - from) / 1_000
      return { steps: runs * STEPS_PER_RUN, seconds, counts: book.counts('steps run') }
    },

    async w2(world, timers) {
      const { book, next } = chain(WARM_UP_RUNS + timers, 1)
      const queue = await open(world, next)
      await warmUp(queue)
      const due = dueAfter(timers, msPerTimer)
      await queue.add(firstSteps(timers), due)
      assertAhead(due)
      await book.full
      await queue.drained()
      return { latenessMs: book.latenessMs(due, WARM_UP_RUNS), counts: book.counts('timers run') }
    },

    async w3(world, samples) {
      const { book, next } = chain(samplesAtMost(samples), 1)
      const queue = await open(world, next)
      const { latencyMs, taken } = await idleSamples(samples, async (run) => {
        const from = wallMs()
        await queue.add([{ run, step: 0 }])
        return (await book.made(run)) - from
      })
      await queue.drained()
      return { latencyMs, counts: book.counts('samples run', taken) }
    },

    async w4(world, steps, runs) {
      const { book, next } = chain(runs, steps)
      const queue = await open(world, next)
      const seconds: number[] = []
      for (let run = 0; run < runs; run++) {
        const from = performance.now()
        await queue.add([{ run, step: 0 }])
        await book.made(run * steps + steps - 1)
        seconds.push((performance.now() - from) / 1_000)
        await queue.drained()
      }
      return { steps, seconds, counts: book.counts('steps run') }
    },
  }
  return {
    ...about,
    role: 'peer',
    ...Object.fromEntries(workloads.map((w) => [w, all[w]])),
  }
}

function chain(runs: number, steps: number) {
  const book = new Book(runs * steps)
  const next = ({ run, step }: Step): Step | null => {
    book.mark(run * steps + step)
    return step + 1 < steps ? { run, step: step + 1 } : null
  }
  return { book, next }
}

const warmUp = async (queue: JobQueue): Promise<void> => {
  await queue.add(stepsFrom(0, WARM_UP_RUNS))
  await queue.drained()
}

const firstSteps = (runs: number): Step[] => stepsFrom(WARM_UP_RUNS, runs)
const stepsFrom = (first: number, count: number): Step[] =>
  Array.from({ length: count }, (_, i) => ({ run: first + i, step: 0 }))
