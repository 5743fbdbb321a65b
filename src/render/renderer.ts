import type { Merged, MergeParts, RenderParts } from '../core/merge.ts'
import { type ThreadLimits, threaded } from './thread.ts'
import type { RenderAnswer, RenderJob } from './worker.ts'

/** Merges texts in a thread of their own, within the limits of `thread.ts`; what a text means is `core/merge`. */
export type Renderer = { readonly render: RenderParts; close(): Promise<void> }

export const RENDER_TIMEOUT_MS = 1_000
export const RENDER_WAITING_MAX = 1_000

export function createRenderer(limits: Partial<ThreadLimits> = {}): Renderer {
  const merging = threaded<RenderJob, RenderAnswer>(
    new URL('./worker.ts', import.meta.url),
    'merging',
    { timeoutMs: RENDER_TIMEOUT_MS, waitingMax: RENDER_WAITING_MAX, ...limits },
    (cause, { parts }) => brokenBy(cause, parts),
  )
  return { render: (parts, facts) => merging.ask({ parts, facts }), close: merging.close }
}

const brokenBy = (cause: string, parts: MergeParts): RenderAnswer =>
  Object.fromEntries(Object.keys(parts).map((part): [string, Merged] => [part, { is: 'broken', cause }]))
