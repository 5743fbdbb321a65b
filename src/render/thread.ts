import { Worker } from 'node:worker_threads'

/**
 * Work that a text decides the length of, in a thread of its own. It owns the thread's life and the queue before it.
 *
 *  R1 A job that runs longer than `timeoutMs`, or kills its thread, twice, is answered `broken`; after each time a
 *     fresh thread is begun. Once may be the fault of a machine that stood still.
 *  R2 One job is in the thread at a time, so that a death is the fault of one job only.
 *  R3 At most `waitingMax` jobs wait; one more is refused at once.
 */
export type Threaded<Job, Answer> = { ask(job: Job): Promise<Answer>; close(): Promise<void> }
export type ThreadLimits = { readonly timeoutMs: number; readonly waitingMax: number }

// Room to spare on purpose: the dialect's own limit of memory is what a text meets, this is only the last fence.
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

const LOST_MAX = 2

export class RenderQueueFull extends Error {
  override readonly name = 'RenderQueueFull'
}
export class RendererClosed extends Error {
  override readonly name = 'RendererClosed'
}

type Waiting<Job, Answer> = {
  readonly job: Job
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
  lost: number
}
type Thread<Job, Answer> =
  | { readonly is: 'none' }
  | { readonly is: 'starting'; readonly worker: Worker }
  | { readonly is: 'idle'; readonly worker: Worker }
  | {
      readonly is: 'busy'
      readonly worker: Worker
      readonly with: Waiting<Job, Answer>
      readonly timer: NodeJS.Timeout
    }

/** The thread says 'ready' once, and then one answer to each job. `doing` names the work: "merging". */
export function threaded<Job, Answer>(
  script: URL,
  doing: string,
  { timeoutMs, waitingMax }: ThreadLimits,
  broken: (cause: string, job: Job) => Answer,
): Threaded<Job, Answer> {
  const waiting: Waiting<Job, Answer>[] = []
  let thread: Thread<Job, Answer> = { is: 'none' }
  let closed = false

  function next(): void {
    if (waiting.length === 0) return
    if (thread.is === 'none') thread = { is: 'starting', worker: start() }
    if (thread.is !== 'idle') return
    const { worker } = thread
    const one = waiting.shift()
    if (!one) return
    const tooLong = (): void => {
      if (thread.is === 'busy' && thread.with === one)
        lose(worker, `${doing} took longer than ${timeoutMs} ms`)
    }
    // An answer that is here already counts: this process may have been the one that stood still.
    const timer = setTimeout(() => setImmediate(tooLong), timeoutMs)
    thread = { is: 'busy', worker, with: one, timer }
    worker.ref()
    worker.postMessage(one.job)
  }

  function start(): Worker {
    const worker = new Worker(script, { resourceLimits: THREAD_LIMITS, env: {}, execArgv: [] })
    worker.on('message', (message: 'ready' | Answer) => settled(worker, message))
    worker.on('error', (error) => lose(worker, error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => lose(worker, `the ${doing} thread ended`))
    return worker
  }

  function settled(worker: Worker, message: 'ready' | Answer): void {
    if (thread.is === 'none' || thread.worker !== worker) return
    if (thread.is === 'busy' && message !== 'ready') {
      clearTimeout(thread.timer)
      thread.with.resolve(message)
    }
    thread = { is: 'idle', worker }
    worker.unref()
    next()
  }

  /** The thread is gone or has to go (R1). Before it was ready nobody's text is to blame: everyone is told. */
  function lose(worker: Worker, cause: string): void {
    if (thread.is === 'none' || thread.worker !== worker) return
    const lost = thread
    thread = { is: 'none' }
    void worker.terminate()
    if (lost.is === 'busy') {
      clearTimeout(lost.timer)
      lost.with.lost += 1
      if (lost.with.lost < LOST_MAX && !closed) waiting.unshift(lost.with)
      else lost.with.resolve(broken(cause, lost.with.job))
    } else if (lost.is === 'starting') {
      for (const one of waiting.splice(0))
        one.reject(new Error(`the ${doing} thread does not start: ${cause}`))
    }
    if (!closed) next()
  }

  return {
    ask: (job) => {
      if (closed) return Promise.reject(new RendererClosed())
      if (waiting.length >= waitingMax) return Promise.reject(new RenderQueueFull())
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject, lost: 0 })
        next()
      })
    },
    async close() {
      closed = true
      for (const one of waiting.splice(0)) one.reject(new RendererClosed())
      if (thread.is === 'none') return
      const { worker } = thread
      lose(worker, 'the program is ending')
      await worker.terminate()
    },
  }
}
