import { parentPort } from 'node:worker_threads'
import type { JsonObject } from '../core/ids.ts'
import { type Merged, type MergeParts, merge, scopeOf } from '../core/merge.ts'

/** The thread in which texts are merged: it holds nothing but the text and the words, and may be killed any time. */
export type RenderJob = { readonly parts: MergeParts; readonly facts: JsonObject }
export type RenderAnswer = { readonly [part: string]: Merged }

// A hole in the dialect that reaches a prototype would otherwise stay open for the next couple's message.
for (const shared of [Object.prototype, Array.prototype, String.prototype, Map.prototype])
  Object.freeze(shared)

const port = parentPort
if (port === null) throw new Error('the render worker runs as a thread of the renderer')

/** The renderer watches the clock, and ends this thread: here only what it should never come to. */
const RENDER_MS_MAX = 60_000

port.on('message', ({ parts, facts }: RenderJob) => {
  const scope = scopeOf(facts)
  const answer: RenderAnswer = Object.fromEntries(
    Object.entries(parts).map(([part, { template, target }]) => [
      part,
      merge(template, scope, target, RENDER_MS_MAX),
    ]),
  )
  port.postMessage(answer)
})
port.postMessage('ready')
