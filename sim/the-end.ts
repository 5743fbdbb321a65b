import type { EffectId, RunId } from '../src/core/ids.ts'
import type { RunState } from '../src/core/run/run.ts'
import { MINUTE_MS } from '../src/core/time/instant.ts'
import type { Reading } from './differential.ts'
import type { Acknowledged } from './people.ts'

/** What is looked at once a world has ended: the tables and the book as they lie there, against what was promised. */
export type Eyes = Reading & { readonly now: number; readonly acknowledged: readonly Acknowledged[] }

const UNKNOWN_MS_MAX = 25 * MINUTE_MS
const STEPS_MAX = 10_000
const CLOCK_DOUBT_MS = 500

/** Every rule that the end of a world can break. True when every run has come to its own end. */
export async function auditTheEnd(eyes: Eyes, atRest: boolean): Promise<boolean> {
  await auditBook(eyes, atRest)
  const complete = await auditRuns(eyes, atRest)
  await auditHistory(eyes)
  await auditAttempts(eyes)
  await auditNights(eyes)
  await auditPromises(eyes)
  await auditStarts(eyes)
  await auditCalledOff(eyes)
  await auditLetters(eyes)
  await auditBounds(eyes, atRest)
  return complete
}

/** Invariants 3 and 4: the providers' book against our rows. */
async function auditBook(eyes: Eyes, atRest: boolean): Promise<void> {
  const rows = await eyes.ask<{
    effect_id: EffectId
    key: string
    state: string
    resends: number
    noticed: boolean
    lettered: boolean
    requeues: number
    returned: boolean
    told: boolean
  }>(
    `select e.effect_id, coalesce(e.cause like 'returned\\_%', false) as returned,
            exists (select from app.notice n where n.run_id = e.run_id and n.node = e.node and n.code = 'mail_returned') as told,
            encode(e.effect_key, 'hex') as key, e.state, e.resends,
            exists (select from app.notice n where n.run_id = e.run_id and n.code in ('unresolved', 'failed_send')) as noticed,
            exists (select from app.dead_letter d where d.effect_id = e.effect_id) as lettered,
            (select count(*)::int from app.audit a where a.action = 'dead_letter.requeued' and a.subject = e.effect_id::text) as requeues
       from app.effect e order by e.effect_id`,
  )
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const counts = new Map<string, number>()
  for (const call of eyes.calls)
    if (call.did === 'accepted') counts.set(call.key, (counts.get(call.key) ?? 0) + 1)
  for (const [key, accepted] of counts) {
    const row = byKey.get(key)
    if (!row) {
      eyes.violate('3 intent first', `the provider accepted a message that no row knows: ${key.slice(0, 16)}`)
      continue
    }
    if (accepted > 1 + row.resends + row.requeues)
      eyes.violate(
        '3 at most once',
        `effect ${row.effect_id} was accepted ${accepted} times; ${row.resends} resends and ${row.requeues} requeues are recorded`,
      )
    if (
      row.requeues === 0 &&
      !row.returned &&
      ['planned', 'retryable', 'rejected', 'failed', 'cancelled', 'suppressed'].includes(row.state)
    )
      eyes.violate(
        '4 no silent unknown',
        `effect ${row.effect_id} was accepted and its row says ${row.state}`,
      )
  }
  for (const row of rows) {
    if (['accepted', 'delivered'].includes(row.state) && !counts.has(row.key))
      eyes.violate('4 no false success', `effect ${row.effect_id} says ${row.state}; no provider has it`)
    const lost = ['unresolved', 'rejected', 'failed'].includes(row.state)
    if (row.returned && !row.told)
      eyes.violate('4 no silent unknown', `effect ${row.effect_id} came back and nobody was told`)
    if (lost && !row.lettered && !row.returned)
      eyes.violate('10 dead letters', `effect ${row.effect_id} is ${row.state} without a dead letter`)
    if (atRest && row.state === 'sending')
      eyes.violate('15 leases', `effect ${row.effect_id} is still being sent`)
  }
}

/**
 * Invariant 1: a run that is not over has something that will move it, or is shown to somebody. True when all are over.
 */
async function auditRuns(eyes: Eyes, atRest: boolean): Promise<boolean> {
  const runs = await eyes.ask<{
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
  for (const row of await eyes.ask<{
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
      await eyes.ask<{ run_id: string; name: string }>(
        `select run_id, name from app.task where state = 'open' union all select run_id, name from app.approval where state = 'open'`,
      )
    ).map((row) => `${row.run_id}|${row.name}`),
  )
  // An undo restores a run that waits for what has arrived meanwhile. The watchman tells it within a minute, but
  // folded stretches leave his rounds out.
  const arrivedMeanwhile = new Set(
    (
      await eyes.ask<{ run_id: string; name: string }>(
        `select e.run_id, e.name from app.effect e join app.command c on c.vendor_id = e.vendor_id and c.run_id = e.run_id
          -- An outcome bears the moment at which it was heard, which may be a slow database before its commit.
          where e.settled_at between c.at - interval '1 minute' and c.undone_at
            and e.state in ('accepted', 'delivered', 'unresolved', 'rejected', 'failed', 'cancelled')`,
      )
    ).map((row) => `${row.run_id}|${row.name}`),
  )
  const { now } = eyes
  let unfinished = 0
  for (const run of runs) {
    const over = ['completed', 'failed', 'cancelled'].includes(run.status)
    if (run.letters > 0 && (run.due === null || (atRest && run.due < now - MINUTE_MS)))
      eyes.violate(
        '1 no letter lost',
        `run ${run.run_id} has ${run.letters} letters and nobody will read them`,
      )
    if (run.inbox !== run.letters)
      eyes.violate('1 no letter lost', `run ${run.run_id} counts ${run.inbox} letters and has ${run.letters}`)
    const state = JSON.parse(run.state) as RunState
    if (over) {
      for (const [name, effect] of effects)
        if (
          name.startsWith(run.run_id) &&
          !effect.requeued &&
          ['planned', 'retryable'].includes(effect.state)
        )
          eyes.violate(
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
        eyes.violate('3 nothing starts', `run ${run.run_id} is held and ${name.slice(37)} is due`)
    if (state.tokens.length === 0)
      eyes.violate('1 no step lost', `run ${run.run_id} is ${run.status} and stands nowhere`)
    if (held !== (run.status === 'paused'))
      eyes.violate(
        '1 no step lost',
        `run ${run.run_id} is ${run.status} with holds ${JSON.stringify(state.holds ?? [])}`,
      )
    if (held || run.letters > 0) continue
    for (const token of state.tokens) {
      const where = `run ${run.run_id} at ${token.at}`
      if (token.is === 'ready' && run.due === null)
        eyes.violate('1 no step lost', `${where} has work and is never due`)
      if (token.is === 'waiting' && token.due !== null && (run.due === null || run.due > token.due))
        eyes.violate('1 no step lost', `${where} waits until ${token.due}, the row says ${run.due}`)
      if (
        token.is === 'waiting' &&
        token.due !== null &&
        atRest &&
        token.due < now - 5 * MINUTE_MS &&
        (run.due ?? 0) < now - MINUTE_MS
      )
        eyes.violate('14 punctual', `${where} was due long ago`)
      if (token.is === 'gated' && token.until === null && !open.has(`${run.run_id}|${token.gate}`))
        eyes.violate('1 no step lost', `${where} waits for ${token.gate}, which nobody can answer`)
      if (token.is !== 'acting') continue
      for (const name of token.effects) {
        if (token.results?.[name] !== undefined) continue
        const effect = effects.get(`${run.run_id}|${name}`)
        if (!effect) eyes.violate('1 no step lost', `${where} acts by ${name}, which does not exist`)
        else if (arrivedMeanwhile.has(`${run.run_id}|${name}`)) continue
        else if (!['planned', 'sending', 'retryable', 'unknown'].includes(effect.state))
          eyes.violate('1 no step lost', `${where} waits for ${name}, which is ${effect.state} already`)
        else if (effect.due === null)
          eyes.violate('1 no step lost', `${where} waits for ${name}, which is ${effect.state} and never due`)
        else if (atRest && effect.state === 'unknown' && (effect.since ?? now) < now - UNKNOWN_MS_MAX)
          eyes.violate('4 no silent unknown', `${name} has been unknown for too long`)
      }
    }
  }
  return runs.length > 0 && unfinished === 0
}

/** Invariants 2, 6 and 8: the log tells every turn once, and versions change by a recorded rule. */
async function auditHistory(eyes: Eyes): Promise<void> {
  for (const row of await eyes.ask<{ run_id: string; rev: number }>(
    `select run_id, rev from app.run_log group by run_id, rev having count(*) > 1`,
  ))
    eyes.violate('2 no step twice', `run ${row.run_id} has two turns of revision ${row.rev}`)
  for (const row of await eyes.ask<{ run_id: string }>(
    `select r.run_id from app.run r where not exists (select from app.run_log l where l.run_id = r.run_id)
       or (select max(rev) from app.run_log l where l.run_id = r.run_id) > r.rev`,
  ))
    eyes.violate('8 log complete', `run ${row.run_id} and its log do not agree`)
  // Every turn writes its line with the revision it saves; a run with an empty box has been written by nothing since,
  // save by a person's wish not to be written to, which raises the revision so that no turn is saved that missed it;
  // the wish may have been taken back, its record stays.
  for (const row of await eyes.ask<{ run_id: string }>(
    `select r.run_id from app.run r
      where r.inbox = 0 and not exists (select from app.notice n where n.run_id = r.run_id and n.code = 'engine_error')
        and not exists (select from app.consent s join app.person p on p.vendor_id = s.vendor_id and p.email_mark = s.mark where p.client_id = r.client_id and not s.given)
        and r.rev > (select max(rev) from app.run_log l where l.run_id = r.run_id)`,
  ))
    eyes.violate('8 log complete', `run ${row.run_id} has moved without a line in its log`)
  for (const row of await eyes.ask<{ run_id: string; version: number }>(
    `select r.run_id, r.version from app.run r
      where r.version <> 1 and not exists (select from app.journey_version v where v.journey_id = r.journey_id and v.version = r.version)`,
  ))
    eyes.violate('6 versions', `run ${row.run_id} is on version ${row.version}, which was never published`)
  // A run that a rollback found untouched is put back as it was; any other says in its log which version it is on.
  for (const row of await eyes.ask<{ run_id: string; version: number; said: string }>(
    `select r.run_id, r.version, l.said from app.run r
       join lateral (select substring(l.event from '"why":"(?:back to )?version ([0-9]+)"') as said from app.run_log l
                      where l.run_id = r.run_id
                        and (l.event ~ '"is":"rolled_back"' or l.event ~ '"why":"(back to )?version [0-9]+"')
                      order by l.rev desc limit 1) l on l.said is not null
      where l.said::int <> r.version`,
  ))
    eyes.violate(
      '6 versions',
      `run ${row.run_id} was taken to version ${row.said} and is kept as one of ${row.version}`,
    )
  for (const row of await eyes.ask<{ run_id: string; how: string }>(
    `select c.run_id, c.command ->> 'do' as how from app.command c
      where not exists (select from app.audit a where a.vendor_id = c.vendor_id and a.subject = c.run_id::text and a.at = c.at)`,
  ))
    eyes.violate('8 log complete', `the command ${row.how} of run ${row.run_id} has no audit`)
  for (const row of await eyes.ask<{ journey_id: string; client_id: string }>(
    `select r.journey_id, r.client_id from app.run r join app.journey j using (vendor_id, journey_id)
      where r.entry_key like 'wedding:%' or r.entry_key = 'once' group by 1, 2 having count(*) > 1`,
  ))
    eyes.violate('2 no run twice', `couple ${row.client_id} is twice in journey ${row.journey_id}`)
}

/** Invariant 10: attempts in order, within their number, never sooner than the provider or the schedule allows. */
async function auditAttempts(eyes: Eyes): Promise<void> {
  const attempts = await eyes.ask<{
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
      eyes.violate(
        '10 retry',
        `effect ${one.effect_id} went from attempt ${before?.attempt ?? 0} to ${one.attempt}`,
      )
    if (!before) continue
    if (one.fence <= before.fence)
      eyes.violate(
        '2 fence',
        `attempt ${one.attempt} of ${one.effect_id} has an older fence than the one before`,
      )
    const call = eyes.calls.find((each) => each.effect === one.effect_id && each.attempt === before.attempt)
    // What was said to a sender that died, or was taken for dead, nobody heard in time; the provider's book tells
    // only that nothing was accepted.
    const isHeard =
      before.detail !== 'sender_lost' && before.ended !== null && before.ended <= one.started + CLOCK_DOUBT_MS
    if (before.result !== 'retryable' || !isHeard || !call) continue
    if (one.started - call.at < 500 - CLOCK_DOUBT_MS)
      eyes.violate('10 retry', `effect ${one.effect_id} was tried again at once`)
    if (call.busyUntil !== null && one.started < call.busyUntil - CLOCK_DOUBT_MS)
      eyes.violate(
        '10 retry',
        `effect ${one.effect_id} was tried again before the provider's "later" was over`,
      )
  }
}

/** Longer than anybody is held between looking at a message and setting out with it. */
const BETWEEN_LOOK_AND_CALL_MS = 6 * MINUTE_MS
const [WAKES_AT_HOUR, RESTS_AT_HOUR] = [8, 21]

/** Invariant 5: what was to come by day, and was kept back, does not come by night; what may have arrived is asked about at any hour, and what a person sends once more goes when they do. */
async function auditNights(eyes: Eyes): Promise<void> {
  const rows = await eyes.ask<{ effect_id: EffectId; client_id: string; planned: number; started: number }>(
    `select e.effect_id, e.client_id, (extract(epoch from e.planned_at) * 1000)::float8 as planned,
            (extract(epoch from a.started_at) * 1000)::float8 as started
       from app.effect e join app.effect_attempt a on a.effect_id = e.effect_id and a.started_at > e.planned_at
      where e.channel in ('email', 'sms') and e.resends = 0 and coalesce(a.result, '') <> 'not_begun'
        and not exists (select from app.effect_attempt u where u.effect_id = e.effect_id and (u.result is null or u.result = 'unknown'))
        and not exists (select from app.audit q where q.action = 'dead_letter.requeued' and q.subject = e.effect_id::text and q.at <= a.started_at)
      order by e.effect_id, a.fence`,
  )
  for (const { effect_id, client_id, planned, started } of rows) {
    const couple = eyes.couples.find((one) => one.client === client_id)
    if (!couple || couple.changed || started - planned <= BETWEEN_LOOK_AND_CALL_MS) continue
    const isNight = (at: number): boolean => {
      const hour = hourAt(at, couple.dates.venue)
      return hour < WAKES_AT_HOUR || hour >= RESTS_AT_HOUR
    }
    if (!isNight(planned) && isNight(started) && isNight(started - BETWEEN_LOOK_AND_CALL_MS))
      eyes.violate('5 by day', `effect ${effect_id} was kept back by day and set out by night`)
  }
}

const hourAt = (at: number, zone: string): number =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(at))

/** What a caller was told has happened has happened, once. */
async function auditPromises(eyes: Eyes): Promise<void> {
  const events = new Map(
    (
      await eyes.ask<{ vendor_id: string; source: string; key: string; told: number }>(
        `select vendor_id, source, key, count(*)::int as told from app.event group by 1, 2, 3`,
      )
    ).map((row) => [`${row.vendor_id}|${row.source}|${row.key}`, row.told]),
  )
  for (const one of eyes.acknowledged) {
    const told = events.get(`${one.vendor}|${one.source}|${one.key}`) ?? 0
    if (told !== 1) eyes.violate('1 no event lost', `${one.key} was acknowledged and is there ${told} times`)
  }
}

/** Invariant 1: whoever takes back within the ten minutes that a wedding is off finds its journeys as they were. */
async function auditCalledOff(eyes: Eyes): Promise<void> {
  const ended = await eyes.ask<{ run_id: string }>(
    `select r.run_id from app.run r
      where r.status = 'cancelled'
        and exists (select from app.run_log l where l.vendor_id = r.vendor_id and l.run_id = r.run_id
                      and l.because like '%"code":"left"%"wedding_cancelled"%')
        and not exists (select from app.details_change d where d.vendor_id = r.vendor_id and d.wedding_id = r.wedding_id
                          and d.after ->> 'status' = 'cancelled' and d.before ->> 'status' <> 'cancelled' and d.undone_at is null)`,
  )
  for (const { run_id } of ended)
    eyes.violate(
      '1 no step lost',
      `run ${run_id} was ended by a cancelled wedding that takes place after all`,
    )
}

/** An event that was acknowledged has begun every journey that it begins. */
async function auditStarts(eyes: Eyes): Promise<void> {
  const begun = new Set(
    (
      await eyes.ask<{ client_id: string; key: string }>(
        `select r.client_id, j.key from app.run r join app.journey j using (vendor_id, journey_id)`,
      )
    ).map((row) => `${row.client_id}|${row.key}`),
  )
  for (const { vendor, client, type } of eyes.acknowledged)
    for (const { key, document } of eyes.vendors.find((one) => one.id === vendor)?.first ?? [])
      if (
        document.nodes.some((node) => node.kind === 'trigger' && node.type === type) &&
        !begun.has(`${client}|${key}`)
      )
        eyes.violate('1 no start lost', `couple ${client} had ${type} and never came into ${key}`)
}

/** An event that a run waits for is read by it, if the run lived then and lives on. */
async function auditLetters(eyes: Eyes): Promise<void> {
  const read = new Set(
    (
      await eyes.ask<{ run_id: string; event: string }>(
        `select run_id, event::jsonb -> 'event' ->> 'id' as event from app.run_log where event::jsonb ->> 'is' = 'happened'
         union all select run_id, event::jsonb -> 'event' ->> 'id' from app.run_inbox where event::jsonb ->> 'is' = 'happened'`,
      )
    ).map((row) => `${row.run_id}|${row.event}`),
  )
  const told = await eyes.ask<{
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
    const journey = eyes.vendors.find((one) => one.id === vendor)?.first.find((one) => one.key === key)
    const hears = journey?.document.nodes.some((node) => node.kind === 'await' && node.for.event === type)
    if (hears && !read.has(`${run_id}|${event_id}`))
      eyes.violate('1 no letter lost', `run ${run_id} was never told of ${type} ${event_id}`)
  }
}

async function auditBounds(eyes: Eyes, atRest: boolean): Promise<void> {
  for (const row of await eyes.ask<{ run_id: string }>(
    `select run_id from app.run where (state::jsonb ->> 'steps')::int > ${STEPS_MAX}`,
  ))
    eyes.violate('12 bounded', `run ${row.run_id} took more than ${STEPS_MAX} steps`)
  if (!atRest) return
  const { now } = eyes
  for (const row of await eyes.ask<{ kind: string; due: number }>(
    `select 'run ' || run_id as kind, (extract(epoch from due_at) * 1000)::float8 as due from app.run where due_at is not null and status in ('active', 'waiting')
     union all select 'effect ' || effect_id, (extract(epoch from due_at) * 1000)::float8 from app.effect where due_at is not null`,
  ))
    if (row.due < now - MINUTE_MS)
      eyes.violate('14 quiescence', `${row.kind} has been due for ${Math.round((now - row.due) / 1000)} s`)
}
