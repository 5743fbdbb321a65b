import type { EffectId, VendorId } from '../src/core/ids.ts'
import { MINUTE_MS, SECOND_MS } from '../src/core/time/instant.ts'
import type { Engine } from '../src/engine/engine.ts'
import type { Scope } from '../src/ports.ts'
import { type Compared, compare, compareWaits, type Reading } from './differential.ts'
import type { Acknowledged, Couple, Vendor } from './people.ts'
import type { SimDatabase } from './pglite.ts'
import { auditPrivacy } from './privacy.ts'
import type { Call, Providers } from './provider.ts'
import { replayRuns } from './replayed.ts'
import { auditRush, type Rush } from './rush.ts'
import type { Process, Scheduler } from './scheduler.ts'
import { auditTheEnd } from './the-end.ts'

/**
 * Watches one world with its own eyes: the tables as a superuser sees them, the providers' book, and what callers
 * were promised. It shares no rule with the engine. Numbers are those of reliability 2.4; of them
 * 9 (who comes first) is audited in worlds with a rush (rush.ts), 16 wherever the doorbell is dead.
 */
export type Violation = { readonly rule: string; readonly what: string; readonly at: number }

export type AuditorFacts = {
  readonly db: SimDatabase
  readonly scheduler: Scheduler
  readonly providers: Providers
  readonly acknowledged: readonly Acknowledged[]
  readonly vendors: readonly Vendor[]
  readonly couples: () => readonly Couple[]
  /** How often waits are read. */
  readonly commitsBetweenWaits?: number
  /** An engine that nothing can happen to: it only reads. */
  readonly engine: () => Engine
}

/** After healing due work starts this soon at the latest: a sweep, a lease that lapses, and the clocks' doubt. */
const LATE_MS_MAX = 8 * SECOND_MS
/** Others may be down for a minute or doubt their clock for five, and the database does not answer every question. */
const ORPHAN_MS_MAX = 8 * MINUTE_MS
const CLOCK_STEP_MS_MAX = 10 * SECOND_MS
const COMMITS_BETWEEN_WAITS = 30
/** Transactions that may say for somebody what they want to hear. */
const SILENCES = /^(consent|mail)\./
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
  compared: Compared = { runs: 0, messages: 0, waits: 0, left: 0, replayed: 0 }
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
    if (SILENCES.test(name)) this.#wishes = true
  }

  /** Invariant 7: a transaction sees rows of its own vendors and of nobody else. */
  seen(name: string, scope: Scope, rows: readonly unknown[]): void {
    if (typeof scope === 'string') return
    if (name === 'step.commit' || name === 'step.settle') this.#begunAtOnce(rows)
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

  /** What a dead worker was sending is called unknown by the others once its lease is over, not at its own deadline. */
  mustBeAdopted(orphan: string | null): void {
    const { now } = this.#facts.scheduler
    const before = this.#orphan
    if (orphan === null || before?.name !== orphan) {
      this.#orphan = orphan === null ? null : { name: orphan, seenAt: now, forMs: 0 }
      return
    }
    // A clock that is put forward by days lets no worker be late by days.
    const forMs = before.forMs + Math.min(now - before.seenAt, CLOCK_STEP_MS_MAX)
    this.#orphan = { name: orphan, seenAt: now, forMs }
    if (forMs > ORPHAN_MS_MAX)
      this.violate('15 leases', `effect ${orphan} is left by a dead worker and nobody calls it unknown`)
  }
  #orphan: { readonly name: string; readonly seenAt: number; readonly forMs: number } | null = null

  /** Looks at what was committed since the last look. Only while no transaction is open. */
  async look(): Promise<void> {
    if (this.#calls.length > 0) await this.#lookAtCalls()
    if (this.#intents) await this.#lookAtIntents()
    if (this.#wishes) await this.#lookAtWishes()
    if (this.commits < this.#waitsReadAt + (this.#facts.commitsBetweenWaits ?? COMMITS_BETWEEN_WAITS)) return
    this.#waitsReadAt = this.commits
    this.#waits += await compareWaits(this.#reading())
  }
  #waitsReadAt = 0
  #waits = 0

  #reading(): Reading {
    return {
      ask: (text, values) => this.#ask(text, values),
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
        `select max(attempt)::int as attempt from app.effect_attempt where effect_id = $1`,
        [call.effect],
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
      silenced: string | null
    }>(
      `select e.effect_id, e.attempt, r.status,
              e.vendor_id || encode(p.email_mark, 'hex') || e.message_class as silenced,
              ((e.rung > 0 and e.resends = 0) or exists (select from app.audit a where a.action = 'dead_letter.requeued' and a.subject = e.effect_id::text)) as repeat,
              (select max(d.at)::text from app.details_change d
                where d.wedding_id = r.wedding_id and d.at > e.planned_at and d.at < a.started_at
                  and (d.after -> 'anchors' -> e.anchor ->> 'generation')::int > e.generation) as superseded
         from app.effect e join app.run r using (vendor_id, run_id)
         left join app.person p on p.vendor_id = e.vendor_id and p.client_id = e.client_id and p.ref = e.recipient and e.channel = 'email'
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
      if (one.silenced !== null && this.#silenced.has(one.silenced) && !one.repeat)
        this.violate(
          '3 nothing starts',
          `effect ${one.effect_id} was begun although its person wants none of it`,
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

  /** Begun in the commit that planned it: a stop that comes after it is too late, whenever we look. */
  #begunAtOnce(rows: readonly unknown[]): void {
    for (const row of rows) {
      const { effect_id: effect, attempt, fence } = row as Partial<Record<string, unknown>>
      if (effect && attempt && fence) this.#begun.add(`${effect}|${attempt}`)
    }
  }

  /** Who has said no, as of what is committed: whatever is begun from here on must know of it. */
  async #lookAtWishes(): Promise<void> {
    this.#wishes = false
    const rows = await this.#ask<{ who: string }>(
      `select vendor_id || encode(mark, 'hex') || class as who from app.suppression where channel = 'email' order by 1`,
    )
    this.#silenced = new Set(rows.map((row) => row.who))
  }
  #wishes = false
  #silenced: ReadonlySet<string> = new Set()

  // At the end

  async atTheEnd(atRest: boolean): Promise<void> {
    this.complete = await auditTheEnd(
      {
        ...this.#reading(),
        now: this.#facts.scheduler.now,
        acknowledged: this.#facts.acknowledged,
      },
      atRest,
    )
    const { read, ...compared } = await compare(this.#reading())
    const replayed = await replayRuns(this.#facts.engine(), this.#reading(), read)
    this.compared = { ...compared, waits: compared.waits + this.#waits, replayed }
    await auditPrivacy(
      (text, values) => this.#ask(text, values),
      this.#facts.couples(),
      this.#facts.scheduler.lines,
      (rule, what) => this.violate(rule, what),
    )
  }

  /** Invariant 9, where there was a rush. */
  rushed(rush: Rush): Promise<void> {
    return auditRush(
      (text, values) => this.#ask(text, values),
      (rule, what) => this.violate(rule, what),
      rush,
    )
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

  async #ask<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#facts.db.session.query<Row>(text, values)
  }
}
