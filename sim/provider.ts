import { createHash } from 'node:crypto'
import type { JsonObject, VendorId } from '../src/core/ids.ts'
import { HOUR_MS, type Instant, MINUTE_MS } from '../src/core/time/instant.ts'
import type { Prepared, ProviderFacts, Senders, SendJob } from '../src/engine/senders.ts'
import type { AttemptResult } from '../src/modules/runner.ts'
import type { Faults } from './faults.ts'
import type { Process, Scheduler } from './scheduler.ts'

/**
 * Providers that lie, and keep a book of their own: the only witness of what really left the house. One swallows
 * repeats of a key for a while, one can be asked about a key, one does neither.
 */
export type Call = {
  readonly key: string
  readonly effect: string
  readonly attempt: number
  readonly vendor: VendorId
  readonly at: Instant
  /** What the provider did; the caller may have been told something else, or nothing. */
  did: 'accepted' | 'swallowed' | 'not_accepted' | 'refused'
  readonly content: JsonObject
  readonly to: string | null
  readonly busyUntil: Instant | null
}
export type Manners = 'keys' | 'look_up' | 'neither'

export const KEY_WINDOW_MS = 15 * MINUTE_MS
const TIMEOUT_MS = 10_000
/** As long as a mail server may take: who waits for this deadline to call a lost send unknown waits for long. */
const TIMEOUT_SLOW_MS = 11 * MINUTE_MS
/**
 * So long after our deadline a provider may still take what was on the line. Later than that the call was broken off:
 * who asks a provider about a key relies on it, and nothing but a key of the provider's own closes that window.
 */
const LATE_ACCEPTED_MS_MAX = 20_000
const BLOCKS_MS = 30_000
/** Nothing a reference should look like: long, with quotes, and no English. */
const HUGE_REPLY = `"'; ${'\u{1F492}<ref>'.repeat(2_000)}`

export class Providers {
  readonly calls: Call[] = []
  /** First acceptance of each key: repeats inside the window are swallowed. */
  readonly #accepted = new Map<string, number>()
  readonly manners = new Map<VendorId, Manners>()
  /** Until when a vendor's agreed number of an hour is used up. */
  readonly fullUntil = new Map<VendorId, number>()
  /** How long every call takes at most, beside what is drawn for some. */
  takesMs = 0
  /** Whose message was handed over last. */
  asked: VendorId | null = null
  /** Something was called: the world looks whether it was allowed to. */
  onCall: (call: Call, process: Process) => void = () => undefined

  acceptedCount(key: string): number {
    return this.calls.filter((call) => call.key === key && call.did === 'accepted').length
  }

  facts(vendor: VendorId, ask: (key: string) => Promise<'accepted' | 'not_found' | 'unsure'>): ProviderFacts {
    const manners = this.manners.get(vendor) ?? 'neither'
    return {
      name: manners,
      keyWindowMs: manners === 'keys' ? KEY_WINDOW_MS : null,
      timeoutMs: manners === 'neither' ? TIMEOUT_SLOW_MS : TIMEOUT_MS,
      ...(manners === 'look_up' ? { lookUp: ask } : {}),
    }
  }

  /** Puts a message into the book, unless the key was seen a moment ago by a provider that looks at keys. */
  take(
    job: SendJob,
    at: Instant,
    did: 'accepted' | 'not_accepted' | 'refused',
    busyUntil: Instant | null,
    process: Process,
  ): Call {
    const first = this.#accepted.get(job.key)
    const keeps = this.manners.get(job.vendor.id) === 'keys'
    const swallows = did === 'accepted' && keeps && first !== undefined && at < first + KEY_WINDOW_MS
    const call: Call = {
      key: job.key,
      effect: job.effect,
      attempt: job.attempt,
      vendor: job.vendor.id,
      at,
      did: swallows ? 'swallowed' : did,
      content: job.content,
      to: job.recipient.email,
      busyUntil,
    }
    if (call.did === 'accepted') this.#accepted.set(job.key, at)
    this.calls.push(call)
    this.onCall(call, process)
    return call
  }
}

/** The senders of one process: what it hears of the providers, which is not always what they did. */
export function sendersOf(
  providers: Providers,
  scheduler: Scheduler,
  faults: Faults,
  process: Process,
): Senders {
  const pause = async (ms: number, label: string): Promise<void> =>
    scheduler.sleep(process, scheduler.now + process.skewMs + ms, label)

  async function send(job: SendJob): Promise<AttemptResult> {
    providers.asked = job.vendor.id
    await scheduler.point(process, `send ${job.effect.slice(0, 8)} attempt ${job.attempt}`)
    if (faults.strikes('runner_throws')) throw new Error('the runner failed (injected)')
    if (faults.strikes('runner_throws_rubbish')) throw 'rubbish (injected)'
    if (faults.strikes('runner_never_settles')) return silence(job, 'not_accepted')
    if (faults.strikes('runner_blocks')) {
      // Thirty seconds of computing: nothing of this process runs meanwhile, its heartbeat neither.
      process.frozenUntil = scheduler.now + BLOCKS_MS
      scheduler.tell(process.name, 'is blocked by a runner')
      await scheduler.point(process, 'blocked')
    }
    if (faults.strikes('timeout_before')) return silence(job, 'not_accepted')
    if (faults.strikes('slow_reply')) await pause(scheduler.dice.int(4_000, 14_000), 'slow provider')
    if (providers.takesMs > 0)
      await pause(scheduler.dice.int(Math.floor(providers.takesMs / 2), providers.takesMs), 'provider')
    const at = scheduler.now
    // The house's own execution breaks off at the deadline; what the provider does after it nobody hears.
    const lateMs = at + process.skewMs - job.deadline
    if (lateMs >= 0) {
      providers.take(job, at, lateMs < LATE_ACCEPTED_MS_MAX ? 'accepted' : 'not_accepted', null, process)
      return { is: 'unknown', cause: 'timeout' }
    }
    const hourIsOver = HOUR_MS - (at % HOUR_MS)
    if (faults.strikes('quota_reached')) providers.fullUntil.set(job.vendor.id, at + hourIsOver)
    if ((providers.fullUntil.get(job.vendor.id) ?? 0) > at) {
      await scheduler.point(process, 'reply')
      return { is: 'retry', cause: 'own_mail_hour_is_full', afterMs: hourIsOver, notBegun: true }
    }
    if (faults.strikes('throttled')) return notNow(job, null)
    if (faults.strikes('throttled_until')) return notNow(job, scheduler.dice.int(5, 120) * 1_000)
    if (faults.strikes('error_not_accepted')) return maybe(job, 'not_accepted', 'provider_error')
    if (faults.strikes('error_accepted')) return maybe(job, 'accepted', 'provider_error')
    if (faults.strikes('refused')) {
      providers.take(job, at, 'refused', null, process)
      await scheduler.point(process, 'reply')
      return { is: 'refused', exit: null, cause: 'mailbox_unknown' }
    }
    if (faults.strikes('accepted_reply_lost')) return silence(job, 'accepted')
    providers.take(job, at, 'accepted', null, process)
    await scheduler.point(process, 'reply')
    const ref = faults.strikes('reply_huge') ? HUGE_REPLY : `ref-${job.attempt}`
    return { is: 'done', exit: job.kind.startsWith('email') ? 'sent' : 'next', ref }
  }

  async function notNow(job: SendJob, afterMs: number | null): Promise<AttemptResult> {
    const until = afterMs === null ? null : ((scheduler.now + afterMs) as Instant)
    providers.take(job, scheduler.now, 'not_accepted', until, process)
    await scheduler.point(process, 'reply')
    return { is: 'retry', cause: 'throttled', afterMs }
  }

  async function maybe(
    job: SendJob,
    did: 'accepted' | 'not_accepted',
    cause: string,
  ): Promise<AttemptResult> {
    providers.take(job, scheduler.now, did, null, process)
    await scheduler.point(process, 'reply')
    return { is: 'unknown', cause }
  }

  async function silence(job: SendJob, did: 'accepted' | 'not_accepted'): Promise<AttemptResult> {
    providers.take(job, scheduler.now, did, null, process)
    await pause(TIMEOUT_MS, 'provider timeout')
    return { is: 'unknown', cause: 'timeout' }
  }

  return {
    provider: (vendor) =>
      providers.facts(vendor, async (key) => {
        await scheduler.point(process, 'look up')
        if (scheduler.dice.chance(0.1)) return 'unsure'
        return providers.acceptedCount(key) > 0 ? 'accepted' : 'not_found'
      }),
    async prepare(job): Promise<Prepared> {
      await scheduler.point(process, `prepare ${job.kind}`)
      if (faults.strikes('render_broken')) return { is: 'broken', cause: 'template error (injected)' }
      if (faults.strikes('render_unresolved')) return { is: 'unresolved', fields: ['client.nickname'] }
      const content = { ...job.config, facts: job.facts }
      return { is: 'ready', content, hash: createHash('sha256').update(JSON.stringify(content)).digest() }
    },
    send,
  }
}
