import type { EffectId, RunId, VendorId } from '../src/core/ids.ts'
import type { RunState } from '../src/core/run/run.ts'
import { MINUTE_MS, SECOND_MS } from '../src/core/time/instant.ts'
import type { Scope } from '../src/ports.ts'
import { type Compared, compare, compareWaits, type Reading } from './differential.ts'
import type { Acknowledged, Couple, Vendor } from './people.ts'
import type { SimDatabase } from './pglite.ts'
import type { Call, Providers } from './provider.ts'
import type { Process, Scheduler } from './scheduler.ts'

/**
 * Watches one world with its own eyes: the tables as a superuser sees them, the providers' book, and what callers
 * were promised. It shares no rule with the engine. Numbers are those of reliability 2.4.
 */
export type Violation = { readonly rule: string; readonly what: string; readonly at: number }

export type AuditorFacts = {
  readonly db: SimDatabase
  readonly scheduler: Scheduler
  readonly providers: Providers
  readonly acknowledged: readonly Acknowledged[]
  readonly vendors: readonly Vendor[]
  readonly couples: () => readonly Couple[]
}

/** After healing due work starts this soon at the latest: a sweep, a lease that lapses, and the clocks' doubt. */
const LATE_MS_MAX = 8 * SECOND_MS
const UNKNOWN_MS_MAX = 25 * MINUTE_MS
const STEPS_MAX = 10_000
const CLOCK_DOUBT_MS = 500
const COMMITS_BETWEEN_WAITS = 30
const ONLY_READS = new Set([
  'claim.runs',
  'claim.effects',
  'worker.list',
  'worker.renew',
  'step.load',
  'execute.load',
])

export class Auditor {
  readonly violations: Violation[] = []
  complete = false
  compared: Compared = { runs: 0, messages: 0, waits: 0, left: 0 }
  /** Transactions that may have written something. */
  commits = 0
  readonly #facts: AuditorFacts
  #intents = false
  #calls: Call[] = []
  #punctualFrom: number | null = null

  constructor(facts: AuditorFacts) {
    this.#facts = facts
  }

  get failed(): boolean {
    return this.violations.length > 0
  }

  violate(rule: string, what: string): void {
    this.violations.push({ rule, what, at: this.#facts.scheduler.now })
    this.#facts.scheduler.tell('auditor', `${rule}: ${what}`)
  }

  healed(punctualFrom: number): void {
    this.#punctualFrom = punctualFrom
  }

  // As it happens

  committed(name: string, _process: Process): void {
    if (!ONLY_READS.has(name)) this.commits += 1
    if (name === 'execute.intent') this.#intents = true
  }

  /** Invariant 7: a transaction sees rows of its own vendors and of nobody else. */
  seen(name: string, scope: Scope, rows: readonly unknown[]): void {
    if (typeof scope === 'string') return
    for (const row of rows) {
      const vendor = (row as { vendor_id?: unknown }).vendor_id
      if (typeof vendor === 'string' && !scope.vendors.includes(vendor as VendorId))
        this.violate('7 tenancy', `"${name}" reached a row of ${vendor}`)
    }
  }

  /** Invariant 7 at the door: a vendor's words go to that vendor's couples. */
  called(call: Call, _process: Process): void {
    this.#calls.push(call)
    const own = this.#facts.vendors.find((vendor) => vendor.id === call.vendor)
    const text = JSON.stringify(call.content) + (call.to ?? '')
    for (const vendor of this.#facts.vendors)
      if (vendor !== own && text.includes(vendor.canary))
        this.violate('7 tenancy', `a message of ${own?.canary} carries ${vendor.canary}`)
  }

  /** Late is what nobody has touched since it was seen: a command taken back may restore a moment long past. */
  mustNotBeLate(due: number): void {
    const { now } = this.#facts.scheduler
    if (this.#dueSeen?.due !== due) this.#dueSeen = { due, at: now }
    if (this.#punctualFrom === null || due < this.#punctualFrom - MINUTE_MS) return
    const since = Math.max(due, this.#dueSeen.at, this.#punctualFrom)
    if (now - since > LATE_MS_MAX)
      this.violate(
        '14 punctual',
        `something has been due for ${Math.round((now - since) / 1000)} s and nobody works`,
      )
  }
  #dueSeen: { readonly due: number; readonly at: number } | null = null

  /** Looks at what was committed since the last look. Only while no transaction is open. */
  async look(): Promise<void> {
    if (this.#calls.length > 0) await this.#lookAtCalls()
    if (this.#intents) await this.#lookAtIntents()
    if (this.commits < this.#waitsReadAt + COMMITS_BETWEEN_WAITS) return
    this.#waitsReadAt = this.commits
    this.#waits += await compareWaits(this.#reading())
  }
  #waitsReadAt = 0
  #waits = 0

  #reading(): Reading {
    return {
      ask: (text) => this.#ask(text),
      violate: (rule, what) => this.violate(rule, what),
      vendors: this.#facts.vendors,
      couples: this.#facts.couples(),
      calls: this.#facts.providers.calls,
    }
  }

  /** Invariant 3: nothing is called without an intent that was committed before. */
  async #lookAtCalls(): Promise<void> {
    const calls = this.#calls
    this.#calls = []
    for (const call of calls) {
      const [row] = await this.#ask<{ attempt: number | null }>(
        `select max(attempt)::int as attempt from app.effect_attempt where effect_id = '${call.effect}'`,
      )
      if ((row?.attempt ?? 0) < call.attempt)
        this.violate(
          '3 intent first',
          `effect ${call.effect} was sent as attempt ${call.attempt}; ${row?.attempt ?? 0} were recorded`,
        )
    }
  }

  /** Invariant 3 and 5: what is begun is begun for a run that lives, is not held, and for the date that is true. */
  async #lookAtIntents(): Promise<void> {
    this.#intents = false
    const begun = await this.#ask<{
      effect_id: EffectId
      attempt: number
      status: string
      repeat: boolean
      superseded: string | null
    }>(
      `select e.effect_id, e.attempt, r.status,
              ((e.rung > 0 and e.resends = 0) or exists (select from app.audit a where a.action = 'dead_letter.requeued' and a.subject = e.effect_id::text)) as repeat,
              (select max(d.at)::text from app.details_change d
                where d.wedding_id = r.wedding_id and d.at > e.planned_at and d.at < a.started_at
                  and (d.after -> 'anchors' -> e.anchor ->> 'generation')::int > e.generation) as superseded
         from app.effect e join app.run r using (vendor_id, run_id)
         join app.effect_attempt a on a.vendor_id = e.vendor_id and a.effect_id = e.effect_id and a.fence = e.fence
        where e.state = 'sending' and e.settled_at is null and e.attempt > 0 and not exists (
          select from app.effect_attempt a where a.effect_id = e.effect_id and a.attempt = e.attempt and a.ended_at is not null)
        order by e.effect_id`,
    )
    for (const one of begun) {
      if (this.#begun.has(`${one.effect_id}|${one.attempt}`)) continue
      // A repeat under a key that the provider swallows settles an unknown; it is not a new message.
      if (['paused', 'cancelled', 'completed', 'failed'].includes(one.status) && !one.repeat)
        this.violate(
          '3 nothing starts',
          `effect ${one.effect_id} was begun although its run is ${one.status}`,
        )
      if (one.superseded !== null && !one.repeat)
        this.violate(
          '5 true date',
          `effect ${one.effect_id} was begun as it was planned before the date moved at ${one.superseded}`,
        )
    }
    this.#begun = new Set(begun.map((one) => `${one.effect_id}|${one.attempt}`))
  }
  #begun = new Set<string>()

  // At the end

  async atTheEnd(atRest: boolean): Promise<void> {
    await this.#book(atRest)
    await this.#runs(atRest)
    await this.#history()
    await this.#attempts()
    await this.#promises()
    await this.#starts()
    await this.#letters()
    await this.#bounds(atRest)
    const compared = await compare(this.#reading())
    this.compared = { ...compared, waits: compared.waits + this.#waits }
  }

  /** Invariants 3 and 4: the providers' book against our rows. */
  async #book(atRest: boolean): Promise<void> {
    const rows = await this.#ask<{
      effect_id: EffectId
      key: string
      state: string
      resends: number
      noticed: boolean
      lettered: boolean
      requeues: number
    }>(
      `select e.effect_id, encode(e.effect_key, 'hex') as key, e.state, e.resends,
              exists (select from app.notice n where n.run_id = e.run_id and n.code in ('unresolved', 'failed_send')) as noticed,
              exists (select from app.dead_letter d where d.effect_id = e.effect_id) as lettered,
              (select count(*)::int from app.audit a where a.action = 'dead_letter.requeued' and a.subject = e.effect_id::text) as requeues
         from app.effect e order by e.effect_id`,
    )
    const byKey = new Map(rows.map((row) => [row.key, row]))
    const counts = new Map<string, number>()
    for (const call of this.#facts.providers.calls)
      if (call.did === 'accepted') counts.set(call.key, (counts.get(call.key) ?? 0) + 1)
    for (const [key, accepted] of counts) {
      const row = byKey.get(key)
      if (!row) {
        this.violate(
          '3 intent first',
          `the provider accepted a message that no row knows: ${key.slice(0, 16)}`,
        )
        continue
      }
      if (accepted > 1 + row.resends + row.requeues)
        this.violate(
          '3 at most once',
          `effect ${row.effect_id} was accepted ${accepted} times; ${row.resends} resends and ${row.requeues} requeues are recorded`,
        )
      if (
        row.requeues === 0 &&
        ['planned', 'retryable', 'rejected', 'failed', 'cancelled', 'suppressed'].includes(row.state)
      )
        this.violate(
          '4 no silent unknown',
          `effect ${row.effect_id} was accepted and its row says ${row.state}`,
        )
    }
    for (const row of rows) {
      if (['accepted', 'delivered'].includes(row.state) && !counts.has(row.key))
        this.violate('4 no false success', `effect ${row.effect_id} says ${row.state}; no provider has it`)
      const lost = ['unresolved', 'rejected', 'failed'].includes(row.state)
      if (lost && !row.lettered)
        this.violate('10 dead letters', `effect ${row.effect_id} is ${row.state} without a dead letter`)
      if (atRest && row.state === 'sending')
        this.violate('15 leases', `effect ${row.effect_id} is still being sent`)
    }
  }

  /** Invariant 1: a run that is not over has something that will move it, or is shown to somebody. */
  async #runs(atRest: boolean): Promise<void> {
    const runs = await this.#ask<{
      run_id: RunId
      status: string
      due: number | null
      state: string
      inbox: number
      letters: number
      held: boolean
    }>(
      `select r.run_id, r.status, (extract(epoch from r.due_at) * 1000)::float8 as due, r.state, r.inbox,
              (select count(*)::int from app.run_inbox i where i.run_id = r.run_id) as letters, false as held
         from app.run r order by r.run_id`,
    )
    const effects = new Map<
      string,
      { state: string; requeued: boolean; due: number | null; since: number | null }
    >()
    for (const row of await this.#ask<{
      run_id: string
      name: string
      state: string
      requeued: boolean
      due: number | null
      since: number | null
    }>(
      `select run_id, name, state, exists (select from app.dead_letter d where d.effect_id = effect.effect_id and d.requeued_at is not null) as requeued, (extract(epoch from due_at) * 1000)::float8 as due, (extract(epoch from send_deadline) * 1000)::float8 as since from app.effect`,
    ))
      effects.set(`${row.run_id}|${row.name}`, row)
    const open = new Set(
      (
        await this.#ask<{ run_id: string; name: string }>(
          `select run_id, name from app.task where state = 'open' union all select run_id, name from app.approval where state = 'open'`,
        )
      ).map((row) => `${row.run_id}|${row.name}`),
    )
    // An undo restores a run that waits for what has arrived meanwhile. The watchman tells it within a minute, but
    // folded stretches leave his rounds out.
    const arrivedMeanwhile = new Set(
      (
        await this.#ask<{ run_id: string; name: string }>(
          `select e.run_id, e.name from app.effect e join app.command c on c.vendor_id = e.vendor_id and c.run_id = e.run_id
            where e.settled_at between c.at and c.undone_at and e.state in ('accepted', 'delivered', 'unresolved', 'rejected', 'failed')`,
        )
      ).map((row) => `${row.run_id}|${row.name}`),
    )
    const { now } = this.#facts.scheduler
    let unfinished = 0
    for (const run of runs) {
      const over = ['completed', 'failed', 'cancelled'].includes(run.status)
      if (run.letters > 0 && (run.due === null || (atRest && run.due < now - MINUTE_MS)))
        this.violate(
          '1 no letter lost',
          `run ${run.run_id} has ${run.letters} letters and nobody will read them`,
        )
      if (run.inbox !== run.letters)
        this.violate(
          '1 no letter lost',
          `run ${run.run_id} counts ${run.inbox} letters and has ${run.letters}`,
        )
      const state = JSON.parse(run.state) as RunState
      if (over) {
        for (const [name, effect] of effects)
          if (
            name.startsWith(run.run_id) &&
            !effect.requeued &&
            ['planned', 'retryable'].includes(effect.state)
          )
            this.violate(
              '3 nothing starts',
              `run ${run.run_id} is ${run.status} and ${name.slice(37)} is still ${effect.state}`,
            )
        continue
      }
      unfinished += 1
      const held = (state.holds?.length ?? 0) > 0
      for (const [name, effect] of effects)
        if (
          held &&
          effect.due !== null &&
          !effect.requeued &&
          name.startsWith(run.run_id) &&
          ['planned', 'retryable'].includes(effect.state)
        )
          this.violate('3 nothing starts', `run ${run.run_id} is held and ${name.slice(37)} is due`)
      if (state.tokens.length === 0)
        this.violate('1 no step lost', `run ${run.run_id} is ${run.status} and stands nowhere`)
      if (held !== (run.status === 'paused'))
        this.violate(
          '1 no step lost',
          `run ${run.run_id} is ${run.status} with holds ${JSON.stringify(state.holds ?? [])}`,
        )
      if (held || run.letters > 0) continue
      for (const token of state.tokens) {
        const where = `run ${run.run_id} at ${token.at}`
        if (token.is === 'ready' && run.due === null)
          this.violate('1 no step lost', `${where} has work and is never due`)
        if (token.is === 'waiting' && token.due !== null && (run.due === null || run.due > token.due))
          this.violate('1 no step lost', `${where} waits until ${token.due}, the row says ${run.due}`)
        if (
          token.is === 'waiting' &&
          token.due !== null &&
          atRest &&
          token.due < now - 5 * MINUTE_MS &&
          (run.due ?? 0) < now - MINUTE_MS
        )
          this.violate('14 punctual', `${where} was due long ago`)
        if (token.is === 'gated' && token.until === null && !open.has(`${run.run_id}|${token.gate}`))
          this.violate('1 no step lost', `${where} waits for ${token.gate}, which nobody can answer`)
        if (token.is !== 'acting') continue
        for (const name of token.effects) {
          if (token.results?.[name] !== undefined) continue
          const effect = effects.get(`${run.run_id}|${name}`)
          if (!effect) this.violate('1 no step lost', `${where} acts by ${name}, which does not exist`)
          else if (arrivedMeanwhile.has(`${run.run_id}|${name}`)) continue
          else if (!['planned', 'sending', 'retryable', 'unknown'].includes(effect.state))
            this.violate('1 no step lost', `${where} waits for ${name}, which is ${effect.state} already`)
          else if (effect.due === null)
            this.violate(
              '1 no step lost',
              `${where} waits for ${name}, which is ${effect.state} and never due`,
            )
          else if (atRest && effect.state === 'unknown' && (effect.since ?? now) < now - UNKNOWN_MS_MAX)
            this.violate('4 no silent unknown', `${name} has been unknown for too long`)
        }
      }
    }
    this.complete = runs.length > 0 && unfinished === 0
  }

  /** Invariants 2, 6 and 8: the log tells every turn once, and versions change by a recorded rule. */
  async #history(): Promise<void> {
    for (const row of await this.#ask<{ run_id: string; rev: number }>(
      `select run_id, rev from app.run_log group by run_id, rev having count(*) > 1`,
    ))
      this.violate('2 no step twice', `run ${row.run_id} has two turns of revision ${row.rev}`)
    for (const row of await this.#ask<{ run_id: string }>(
      `select r.run_id from app.run r where not exists (select from app.run_log l where l.run_id = r.run_id)
         or (select max(rev) from app.run_log l where l.run_id = r.run_id) > r.rev`,
    ))
      this.violate('8 log complete', `run ${row.run_id} and its log do not agree`)
    // Every turn writes its line with the revision it saves; a run with an empty box has been written by nothing since.
    for (const row of await this.#ask<{ run_id: string }>(
      `select r.run_id from app.run r
        where r.inbox = 0 and not exists (select from app.notice n where n.run_id = r.run_id and n.code = 'engine_error')
          and r.rev > (select max(rev) from app.run_log l where l.run_id = r.run_id)`,
    ))
      this.violate('8 log complete', `run ${row.run_id} has moved without a line in its log`)
    for (const row of await this.#ask<{ run_id: string; version: number }>(
      `select r.run_id, r.version from app.run r
        where r.version <> 1 and not exists (select from app.journey_version v where v.journey_id = r.journey_id and v.version = r.version)`,
    ))
      this.violate('6 versions', `run ${row.run_id} is on version ${row.version}, which was never published`)
    for (const row of await this.#ask<{ run_id: string; how: string }>(
      `select c.run_id, c.command ->> 'do' as how from app.command c
        where not exists (select from app.audit a where a.vendor_id = c.vendor_id and a.subject = c.run_id::text and a.at = c.at)`,
    ))
      this.violate('8 log complete', `the command ${row.how} of run ${row.run_id} has no audit`)
    for (const row of await this.#ask<{ journey_id: string; client_id: string }>(
      `select r.journey_id, r.client_id from app.run r join app.journey j using (vendor_id, journey_id)
        where r.entry_key like 'wedding:%' or r.entry_key = 'once' group by 1, 2 having count(*) > 1`,
    ))
      this.violate('2 no run twice', `couple ${row.client_id} is twice in journey ${row.journey_id}`)
  }

  /** Invariant 10: attempts in order, within their number, never sooner than the provider or the schedule allows. */
  async #attempts(): Promise<void> {
    const attempts = await this.#ask<{
      effect_id: EffectId
      attempt: number
      fence: number
      started: number
      ended: number | null
      result: string | null
      detail: string | null
    }>(
      `select effect_id, attempt, fence::float8 as fence, (extract(epoch from started_at) * 1000)::float8 as started,
              (extract(epoch from ended_at) * 1000)::float8 as ended, result, detail from app.effect_attempt order by effect_id, fence`,
    )
    const last = new Map<EffectId, (typeof attempts)[number]>()
    for (const one of attempts) {
      const before = last.get(one.effect_id)
      last.set(one.effect_id, one)
      // A call that was never begun gives its number back.
      const expected = before?.result === 'not_begun' ? before.attempt : (before?.attempt ?? 0) + 1
      if (one.attempt !== expected)
        this.violate(
          '10 retry',
          `effect ${one.effect_id} went from attempt ${before?.attempt ?? 0} to ${one.attempt}`,
        )
      if (!before) continue
      if (one.fence <= before.fence)
        this.violate(
          '2 fence',
          `attempt ${one.attempt} of ${one.effect_id} has an older fence than the one before`,
        )
      const call = this.#facts.providers.calls.find(
        (each) => each.effect === one.effect_id && each.attempt === before.attempt,
      )
      // What was said to a sender that died, or was taken for dead, nobody heard in time; the provider's book tells
      // only that nothing was accepted.
      const isHeard =
        before.detail !== 'sender_lost' &&
        before.ended !== null &&
        before.ended <= one.started + CLOCK_DOUBT_MS
      if (before.result !== 'retryable' || !isHeard || !call) continue
      if (one.started - call.at < 500 - CLOCK_DOUBT_MS)
        this.violate('10 retry', `effect ${one.effect_id} was tried again at once`)
      if (call.busyUntil !== null && one.started < call.busyUntil - CLOCK_DOUBT_MS)
        this.violate(
          '10 retry',
          `effect ${one.effect_id} was tried again before the provider's "later" was over`,
        )
    }
  }

  /** What a caller was told has happened has happened, once. */
  async #promises(): Promise<void> {
    const events = new Map(
      (
        await this.#ask<{ vendor_id: string; source: string; key: string; told: number }>(
          `select vendor_id, source, key, count(*)::int as told from app.event group by 1, 2, 3`,
        )
      ).map((row) => [`${row.vendor_id}|${row.source}|${row.key}`, row.told]),
    )
    for (const one of this.#facts.acknowledged) {
      const told = events.get(`${one.vendor}|${one.source}|${one.key}`) ?? 0
      if (told !== 1)
        this.violate('1 no event lost', `${one.key} was acknowledged and is there ${told} times`)
    }
  }

  /** An event that was acknowledged has begun every journey that it begins. */
  async #starts(): Promise<void> {
    const begun = new Set(
      (
        await this.#ask<{ client_id: string; key: string }>(
          `select r.client_id, j.key from app.run r join app.journey j using (vendor_id, journey_id)`,
        )
      ).map((row) => `${row.client_id}|${row.key}`),
    )
    for (const { vendor, client, type } of this.#facts.acknowledged)
      for (const { key, document } of this.#facts.vendors.find((one) => one.id === vendor)?.first ?? [])
        if (
          document.nodes.some((node) => node.kind === 'trigger' && node.type === type) &&
          !begun.has(`${client}|${key}`)
        )
          this.violate('1 no start lost', `couple ${client} had ${type} and never came into ${key}`)
  }

  /** An event that a run waits for is read by it, if the run lived then and lives on. */
  async #letters(): Promise<void> {
    const read = new Set(
      (
        await this.#ask<{ run_id: string; event: string }>(
          `select run_id, event::jsonb -> 'event' ->> 'id' as event from app.run_log where event::jsonb ->> 'is' = 'happened'
           union all select run_id, event::jsonb -> 'event' ->> 'id' from app.run_inbox where event::jsonb ->> 'is' = 'happened'`,
        )
      ).map((row) => `${row.run_id}|${row.event}`),
    )
    const told = await this.#ask<{
      run_id: string
      event_id: string
      type: string
      key: string
      vendor: string
    }>(
      `select r.run_id, e.event_id, e.type, j.key, r.vendor_id as vendor
         from app.event e join app.run r on r.vendor_id = e.vendor_id and r.client_id = e.client_id
         join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
        where r.status in ('active', 'waiting') and r.version = 1
          and e.at > (select min(at) from app.run_log l where l.run_id = r.run_id)`,
    )
    for (const { run_id, event_id, type, key, vendor } of told) {
      const journey = this.#facts.vendors
        .find((one) => one.id === vendor)
        ?.first.find((one) => one.key === key)
      const hears = journey?.document.nodes.some((node) => node.kind === 'await' && node.for.event === type)
      if (hears && !read.has(`${run_id}|${event_id}`))
        this.violate('1 no letter lost', `run ${run_id} was never told of ${type} ${event_id}`)
    }
  }

  async #bounds(atRest: boolean): Promise<void> {
    for (const row of await this.#ask<{ run_id: string }>(
      `select run_id from app.run where (state::jsonb ->> 'steps')::int > ${STEPS_MAX}`,
    ))
      this.violate('12 bounded', `run ${row.run_id} took more than ${STEPS_MAX} steps`)
    if (!atRest) return
    const { now } = this.#facts.scheduler
    for (const row of await this.#ask<{ kind: string; due: number }>(
      `select 'run ' || run_id as kind, (extract(epoch from due_at) * 1000)::float8 as due from app.run where due_at is not null and status in ('active', 'waiting')
       union all select 'effect ' || effect_id, (extract(epoch from due_at) * 1000)::float8 from app.effect where due_at is not null`,
    ))
      if (row.due < now - MINUTE_MS)
        this.violate('14 quiescence', `${row.kind} has been due for ${Math.round((now - row.due) / 1000)} s`)
  }

  /** Everything known of the runs and effects that the violations name, in words and in order of time. */
  async dossier(): Promise<string[]> {
    const named = this.violations.flatMap((one) => one.what.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [])
    const ids = [...new Set(named.length > 0 ? named : await this.#longestDue())].slice(0, 4)
    if (ids.length === 0) return []
    const list = ids.map((id) => `'${id}'`).join(', ')
    const rows = await this.#ask<{ at: string; what: string }>(
      `with runs as (select run_id from app.run where run_id in (${list}) or client_id in (${list}) union select run_id from app.effect where effect_id in (${list}))
       select to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.MS') as at, what from (
         select at, 'run ' || right(run_id::text, 4) || ' rev ' || rev || ' ' || left(event, 240) || ' => ' || left(because, 700) as what from app.run_log where run_id in (select run_id from runs)
         union all select a.started_at, 'attempt ' || a.attempt || ' of ' || e.name || ' fence ' || a.fence || ': ' || coalesce(a.result, '?') || ' ' || coalesce(a.detail, '') || coalesce(' until ' || a.ended_at, '')
           from app.effect_attempt a join app.effect e using (vendor_id, effect_id) where e.run_id in (select run_id from runs)
         union all select at, 'command ' || command::text || coalesce(' undone ' || undone_at, '') from app.command where run_id in (select run_id from runs)
         union all select planned_at, 'effect ' || effect_id || ' ' || name || ' is ' || state || coalesce(' due ' || due_at, '') || coalesce(' cause ' || cause, '') || ' resends ' || resends || ' rung ' || rung || coalesce(' settled ' || settled_at, '') from app.effect where run_id in (select run_id from runs)
         union all select now(), 'run ' || run_id || ' ' || status || ' rev ' || rev || ' due ' || coalesce(due_at::text, 'never') || ' ' || state from app.run where run_id in (select run_id from runs)
       ) as told order by at, what`,
    )
    const calls = this.#facts.providers.calls
      .filter((call) => ids.includes(call.effect))
      .map(
        (call) =>
          `provider ${new Date(call.at).toISOString()} ${call.did} attempt ${call.attempt} of ${call.effect}`,
      )
    return [...rows.map((row) => `${row.at}  ${row.what}`), ...calls]
  }

  /** Where nobody is named, it is told of whoever waits for their turn. */
  async #longestDue(): Promise<string[]> {
    const rows = await this.#ask<{ run_id: string }>(
      `select run_id from app.run where due_at is not null and status in ('active', 'waiting') order by due_at limit 2`,
    )
    return rows.map((row) => row.run_id)
  }

  async #ask<Row>(text: string): Promise<Row[]> {
    return this.#facts.db.session.query<Row>(text)
  }
}
