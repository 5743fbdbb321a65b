import { Worker } from 'node:worker_threads'
import type { Merged, MergeParts, RenderParts } from '../core/merge.ts'
import type { RenderAnswer, RenderJob } from './worker.ts'

/**
 * Merges texts in a thread of their own. It owns the thread's life and the queue before it; what a text means is
 * `core/merge`.
 *
 *  R1 A text that runs longer than `timeoutMs`, or kills its thread, is answered `broken`; the next message gets
 *     a fresh thread.
 *  R2 One message is in the thread at a time, so that a death is the fault of one message only.
 *  R3 At most `waitingMax` messages wait; one more is refused at once.
 */
export type Renderer = { readonly render: RenderParts; close(): Promise<void> }

export const RENDER_TIMEOUT_MS = 1_000
export const RENDER_WAITING_MAX = 1_000
// Room to spare on purpose: the dialect's own limit of memory is what a text meets, this is only the last fence.
const THREAD_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

export class RenderQueueFull extends Error {
  override readonly name = 'RenderQueueFull'
}
export class RendererClosed extends Error {
  override readonly name = 'RendererClosed'
}

type Waiting = {
  readonly job: RenderJob
  readonly resolve: (answer: RenderAnswer) => void
  readonly reject: (error: Error) => void
}
type Thread =
  | { readonly is: 'none' }
  | { readonly is: 'starting'; readonly worker: Worker }
  | { readonly is: 'idle'; readonly worker: Worker }
  | { readonly is: 'busy'; readonly worker: Worker; readonly with: Waiting; readonly timer: NodeJS.Timeout }

export function createRenderer(
  limits: { readonly timeoutMs?: number; readonly waitingMax?: number } = {},
): Renderer {
  const timeoutMs = limits.timeoutMs ?? RENDER_TIMEOUT_MS
  const waitingMax = limits.waitingMax ?? RENDER_WAITING_MAX
  const waiting: Waiting[] = []
  let thread: Thread = { is: 'none' }
  let closed = false

  function next(): void {
    if (waiting.length === 0) return
    if (thread.is === 'none') thread = { is: 'starting', worker: start() }
    if (thread.is !== 'idle') return
    const { worker } = thread
    const one = waiting.shift()
    if (!one) return
    const timer = setTimeout(() => lose(worker, `merging took longer than ${timeoutMs} ms`), timeoutMs)
    thread = { is: 'busy', worker, with: one, timer }
    worker.ref()
    worker.postMessage(one.job)
  }

  function start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: THREAD_LIMITS,
      env: {},
      execArgv: [],
    })
    worker.on('message', (message: 'ready' | RenderAnswer) => settled(worker, message))
    worker.on('error', (error) => lose(worker, error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => lose(worker, 'the merging thread ended'))
    return worker
  }

  function settled(worker: Worker, message: 'ready' | RenderAnswer): void {
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
      lost.with.resolve(brokenBy(cause, lost.with.job.parts))
    } else if (lost.is === 'starting') {
      for (const one of waiting.splice(0))
        one.reject(new Error(`the merging thread does not start: ${cause}`))
    }
    if (!closed) next()
  }

  return {
    render: (parts, facts) => {
      if (closed) return Promise.reject(new RendererClosed())
      if (waiting.length >= waitingMax) return Promise.reject(new RenderQueueFull())
      return new Promise((resolve, reject) => {
        waiting.push({ job: { parts, facts }, resolve, reject })
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

const brokenBy = (cause: string, parts: MergeParts): RenderAnswer =>
  Object.fromEntries(Object.keys(parts).map((part): [string, Merged] => [part, { is: 'broken', cause }]))
