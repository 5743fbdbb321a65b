import { createHash } from 'node:crypto'
import type { Channel } from '../channels/channel.ts'
import type { Channels } from '../channels/channels.ts'
import type { Json, JsonObject, VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import type { LayOut, RenderParts } from '../core/merge.ts'
import { earliest, plusMs } from '../core/time/instant.ts'
import type { Clock, ProviderReply } from '../ports.ts'
import { makePlaces, type Places } from './places.ts'
import {
  type AnyRunner,
  type AttemptResult,
  type Draft,
  doubt,
  GiveUp,
  type PrepareInput,
  refused,
  retry,
  type SendInput,
} from './runner.ts'

/**
 * Runs module types within their limits. It owns concurrency, time and size; what a step does is its runner's.
 *
 *  E1 An attempt that is over its limit is over with that cause; it never goes on unseen into the next one.
 *  E2 What a runner throws is told by how far its channel got: nothing handed over, try again; else unknown.
 *  E3 Content is frozen: what `prepare` gave is what `send` gets, to the byte of its hash.
 */
export type ModuleExecution = {
  prepare(module: ModuleName, input: PrepareInput<JsonObject>): Promise<Prepared>
  attempt(
    module: ModuleName,
    vendor: VendorId,
    input: SendInput<JsonObject>,
    /** `channels`: when they are chosen already. */
    how?: { readonly urgent?: boolean; readonly channels?: Channels },
  ): Promise<AttemptResult>
  /** How many more attempts may begin now. Whoever claims work asks first; over it, an attempt is `retry`. */
  room(module: ModuleName, urgent: boolean): number
  /** How often a place becomes free, in milliseconds, as the latest attempts went; null while nobody knows. */
  pace(module: ModuleName): number | null
  /** Takes in the runner of a type registered at run time; a version that runs already keeps its runner. */
  add(runner: AnyRunner): void
}
export type ModuleName = { readonly type: string; readonly version: number }
export type Prepared =
  | { readonly is: 'ready'; readonly content: JsonObject; readonly hash: Uint8Array }
  | Exclude<Draft<JsonObject>, { readonly is: 'ready' }>

/** How long a runner may take to answer after it was told to stop, before its answer is taken as unknown. */
const GRACE_MS = 1_000
const CONCURRENCY_RETRY_MS = 250
/** Who has stood in line longer than this is not begun: the lease says that a call begins within a second. */
const IN_LINE_MS_MAX = 500

export function moduleExecution(parts: {
  readonly runners: readonly AnyRunner[]
  readonly channelsFor: (vendor: VendorId) => Channels
  readonly render: RenderParts
  readonly layOut?: LayOut
  readonly clock: Clock
}): ModuleExecution {
  const runners = new Map(parts.runners.map((one) => [moduleKey(one.of.type, one.of.version), one]))
  const places = new Map<AnyRunner, Places>()

  const runnerOf = ({ type, version }: ModuleName): AnyRunner => {
    const found = runners.get(moduleKey(type, version))
    if (!found) throw new Error(`nothing here runs module type ${moduleKey(type, version)}`)
    return found
  }
  const placesOf = (runner: AnyRunner): Places => {
    const known = places.get(runner) ?? makePlaces(runner.limits.concurrency)
    places.set(runner, known)
    return known
  }

  return {
    room: (module, urgent) => placesOf(runnerOf(module)).room(urgent),
    pace: (module) => placesOf(runnerOf(module)).paceMs(),

    add(runner) {
      const key = moduleKey(runner.of.type, runner.of.version)
      if (!runners.has(key)) runners.set(key, runner)
    },

    async prepare(module, input) {
      const runner = runnerOf(module)
      const config = runner.of.config.safeParse(input.config)
      if (!config.success) return { is: 'broken', cause: 'the configuration does not fit the module type' }
      const draft = await runner.prepare({ ...input, config: config.data }, parts.render, parts.layOut)
      if (draft.is !== 'ready') return draft
      const bytes = Buffer.byteLength(JSON.stringify(draft.content))
      if (bytes > runner.limits.payloadBytesMax) {
        return {
          is: 'broken',
          cause: `the content has ${bytes} bytes of at most ${runner.limits.payloadBytesMax}`,
        }
      }
      return { is: 'ready', content: draft.content, hash: hashOf(draft.content) }
    },

    async attempt(module, vendor, input, { urgent = false, channels: chosen } = {}) {
      const runner = runnerOf(module)
      const line = placesOf(runner)
      if (line.room(urgent) <= 0)
        return { ...retry('concurrency_limit', CONCURRENCY_RETRY_MS), notBegun: true }
      const cameAt = parts.clock.now()
      const turn = line.take(urgent)
      if (turn) await turn
      const begun = parts.clock.now()
      if (begun - cameAt > IN_LINE_MS_MAX) {
        line.leave(null)
        return { ...retry('concurrency_limit', 0), notBegun: true }
      }
      const { channels, progress } = watched(chosen ?? parts.channelsFor(vendor))
      const limit = new AbortController()
      const over = new AbortController()
      try {
        const signal = AbortSignal.any([input.signal, limit.signal])
        const running = runner
          .send({ ...input, signal }, channels)
          .catch((error) => thrown(error, progress()))
        return await Promise.race([running, timedOut(runner, input, limit, over.signal, progress)])
      } finally {
        over.abort()
        line.leave(parts.clock.now() - begun)
      }
    },
  }

  /** Tells the runner to stop at its limit or deadline, and answers for it when it does not. */
  async function timedOut(
    runner: AnyRunner,
    input: SendInput<JsonObject>,
    limit: AbortController,
    over: AbortSignal,
    progress: () => Progress,
  ): Promise<AttemptResult> {
    const begun = parts.clock.now()
    const limitAt = plusMs(begun, runner.limits.timeoutMs)
    const stopAt = earliest(limitAt, input.deadline) ?? limitAt
    await parts.clock.sleepUntil(stopAt, 'module-timeout', over)
    limit.abort()
    await parts.clock.sleepUntil(plusMs(stopAt, GRACE_MS), 'module-grace', over)
    const cause = stopAt === limitAt ? 'time_limit' : 'deadline_passed'
    return progress() === 'nothing_left' ? retry(cause) : doubt(cause)
  }
}

/** Whether anything may have left the house in this attempt, as its channels know. */
type Progress = 'nothing_left' | 'maybe_left'

function watched(channels: Channels): { channels: Channels; progress: () => Progress } {
  let open = 0
  let maybeLeft = false
  const watch = <Message>(channel: Channel<Message>): Channel<Message> => ({
    name: channel.name,
    async send(message, delivery) {
      open += 1
      let reply: ProviderReply | null = null
      try {
        reply = await channel.send(message, delivery)
        return reply
      } finally {
        open -= 1
        // Also when it threw: a channel that breaks its promise may have sent before.
        if (reply === null || reply.is === 'accepted' || reply.is === 'unknown') maybeLeft = true
      }
    },
  })
  return {
    channels: { email: watch(channels.email), sms: watch(channels.sms), webhook: watch(channels.webhook) },
    progress: () => (maybeLeft || open > 0 ? 'maybe_left' : 'nothing_left'),
  }
}

function thrown(error: unknown, progress: Progress): AttemptResult {
  const cause = error instanceof Error ? error.message.slice(0, 300) : 'threw something that is no error'
  if (progress === 'maybe_left') return doubt(`runner_threw: ${cause}`)
  return error instanceof GiveUp ? refused(cause) : retry(`runner_threw: ${cause}`)
}

/** The name of a content: the same for the same words, in whatever order they were written down. */
export function hashOf(content: JsonObject): Uint8Array {
  return createHash('sha256').update(canonical(content)).digest()
}
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`
}
