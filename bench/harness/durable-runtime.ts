import { Book } from './book.ts'
import { STEPS_PER_RUN, type System, WARM_UP_RUNS, type World } from './system.ts'
import { assertAhead, dueAfter, idleSamples, samplesAtMost, wallMs } from './timing.ts'

/** The workloads as a durable runtime runs them: one function per run, each of its steps remembered. */
export type Task = {
  readonly run: number
  /** Durable steps to take after the due time. */
  readonly steps: number
  /** Wall-clock milliseconds before which the run must not go on; null: now. */
  readonly due: number | null
}

export interface Runtime {
  /** Resolves when all are accepted durably (or, where lanes are bounded, further than that). */
  start(tasks: readonly Task[]): Promise<unknown>
  /** Resolves when everything started has ended durably. */
  finished(): Promise<unknown>
}

/** What a run's function must call: `begun` when its time has come, `step` inside each durable step. */
export type Script = {
  begun(task: Task): void
  step(task: Task, step: number): void
}

export type OpenRuntime = (world: World, script: Script) => Promise<Runtime>

export type RuntimeDescription = Pick<System, 'name' | 'mode' | 'settings' | 'share'> & {
  readonly workloads: readonly ('w1' | 'w2' | 'w3' | 'w4')[]
  /** What scheduling one timer takes, generously: the due time lies that much further ahead. */
  readonly msPerTimer: number
}

export function durableRuntime(description: RuntimeDescription, open: OpenRuntime): System {
  const { workloads, msPerTimer, ...about } = description
  const all: Pick<System, 'w1' | 'w2' | 'w3' | 'w4'> = {
    async w1(world, runs) {
      const { steps, script } = books(WARM_UP_RUNS + runs, STEPS_PER_RUN)
      const runtime = await open(world, script)
      await warmUp(runtime, STEPS_PER_RUN)
      const from = performance.now()
      await runtime.start(tasks(WARM_UP_RUNS, runs, STEPS_PER_RUN, null))
      await steps.full
      await runtime.finished()
      const seconds = (performance.now() - from) / 1_000
      return { steps: runs * STEPS_PER_RUN, seconds, counts: steps.counts('steps run') }
    },

    async w2(world, timers) {
      const { begun, script } = books(WARM_UP_RUNS + timers, 0)
      const runtime = await open(world, script)
      await warmUp(runtime, 0)
      const due = dueAfter(timers, msPerTimer)
      await runtime.start(tasks(WARM_UP_RUNS, timers, 0, due))
      assertAhead(due)
      await begun.full
      await runtime.finished()
      return { latenessMs: begun.latenessMs(due, WARM_UP_RUNS), counts: begun.counts('timers run') }
    },

    async w3(world, samples) {
      const { begun, script } = books(samplesAtMost(samples), 0)
      const runtime = await open(world, script)
      const { latencyMs, taken } = await idleSamples(samples, async (run) => {
        const from = wallMs()
        await runtime.start([{ run, steps: 0, due: null }])
        return (await begun.made(run)) - from
      })
      await runtime.finished()
      return { latencyMs, counts: begun.counts('samples run', taken) }
    },

    async w4(world, length, runs) {
      const { begun, steps, script } = books(runs, length)
      const runtime = await open(world, script)
      const seconds: number[] = []
      for (let run = 0; run < runs; run++) {
        await runtime.start([{ run, steps: length, due: null }])
        const from = await begun.made(run)
        const last = await steps.made(run * length + length - 1)
        // From the first step's beginning to the last one's: the same number of commits, less one.
        seconds.push(((last - from) / 1_000) * (length / (length - 1)))
        await runtime.finished()
      }
      return { steps: length, seconds, counts: steps.counts('steps run') }
    },
  }
  return {
    ...about,
    role: 'peer',
    ...Object.fromEntries(workloads.map((w) => [w, all[w]])),
  }
}

function books(runs: number, length: number) {
  const begun = new Book(runs)
  const steps = new Book(runs * length)
  const script: Script = {
    begun: ({ run }) => begun.mark(run),
    step: ({ run }, step) => steps.mark(run * length + step),
  }
  return { begun, steps, script }
}

const warmUp = async (runtime: Runtime, steps: number): Promise<void> => {
  await runtime.start(tasks(0, WARM_UP_RUNS, steps, null))
  await runtime.finished()
}

const tasks = (first: number, count: number, steps: number, due: number | null): Task[] =>
  Array.from({ length: count }, (_, i) => ({ run: first + i, steps, due }))
