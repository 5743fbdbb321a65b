import type { Senders, SendJob } from '../src/engine/senders.ts'
import type { Db, Sql } from '../src/ports.ts'
import type { SealingVault } from '../src/vault/vault.ts'
import type { FaultKind } from './faults.ts'

/**
 * Bugs planted from outside: a statement rewritten on its way to the database, a transaction or a sender that
 * behaves as hurried code would. The product's own files stay as they are. Whoever finds none of these is no
 * auditor (reliability 2.7).
 */
export type Bug = {
  readonly name: string
  readonly what: string
  readonly rewrite?: (text: TemplateStringsArray) => TemplateStringsArray
  /** False as long as no statement was met that it changes: a statement that is written otherwise now hides the bug. */
  readonly planted?: () => boolean
  readonly db?: (db: Db) => Db
  readonly senders?: (senders: Senders) => Senders
  readonly vault?: (vault: SealingVault) => SealingVault
  /** What must stand in the product's sources, or the bug is planted beside it. */
  readonly relies?: readonly RegExp[]
  /** The worlds it is hunted in: others seldom come where it is. */
  readonly ground?: Ground
}

/** Journeys and faults of a hunting ground; whatever it does not name is drawn as ever. */
export type Ground = {
  readonly journeys?: readonly string[]
  readonly faults?: { readonly [kind in FaultKind]?: number }
  readonly workers?: number
  /** Where one vendor has more to send than there are places. */
  readonly rush?: true
}

const MOVED_ON_ITS_WAY: Ground = {
  journeys: ['timed_steps', 'date_trigger'],
  faults: { meddled: 0.8, slow_reply: 0.8, throttled: 0.6, date_moved: 1 },
}
/** One thing at a time: a message that is stopped or skipped as well is not tried again for another reason. */
const MOVED_AND_PUT_OFF: Ground = {
  journeys: ['timed_steps', 'date_trigger'],
  faults: { meddled: 0.25, slow_reply: 0.8, throttled: 0.7, details_undone: 0, crash: 0 },
}
const ORDERS_ON_ITS_WAY: Ground = { faults: { meddled: 0.7, slow_reply: 0.6, paused: 1, command_undone: 1 } }
const DONE_AND_UNDONE: Ground = {
  journeys: ['reminder', 'timed_steps', 'repeat', 'goal', 'starter'],
  faults: {
    done_now: 1,
    jumped: 1,
    skipped: 1,
    command_undone: 1,
    stopped: 0,
    paused: 0,
    crash: 0,
    zombie: 0,
  },
}
const LOST_SENDERS: Ground = { faults: { crash: 0.008, zombie: 0.006, slow_reply: 0.5 } }
/** What a spent hour keeps back, and the next one too, is at last kept back into the night. */
const FULL_HOURS: Ground = {
  journeys: ['timed_steps', 'date_trigger', 'reminder'],
  faults: { quota_reached: 0.9, clock_forward: 1 },
}
/** Whoever stands still while it sends is taken for dead by the others, and comes back. */
const SLEEPING_SENDERS: Ground = {
  faults: { runner_blocks: 0.6, throttled: 0.4, slow_reply: 0.4 },
  workers: 3,
}

const UNSENT = /and state in \('planned', 'retryable'\)/
const NONE = "and state in ('none')"

/** What a claim is asked with: shards, bands, now, how far ahead, how many, whom to pass over, how deep. */
const [NOW, AHEAD, PAST_VENDORS] = [2, 3, 5]

const PLANTED: readonly Bug[] = [
  // Statements
  inSql(
    'fence_dropped',
    'an outcome counts whatever attempt made it',
    /e\.attempt = x\.attempt and e\.fence = x\.fence\s+and e\.state in \('sending', 'unknown'\)/,
    'true',
  ),
  inSql(
    'revision_dropped',
    'a turn is saved although somebody wrote the run meanwhile',
    /and r\.rev = x\.seen/,
    '',
  ),
  inSql(
    'letters_kept',
    'a letter that was read stays in the box',
    /and i\.seq = x\.seq/,
    'and i.seq = x.seq and false',
  ),
  inSql(
    'letters_not_counted',
    'a letter arrives and the run does not know of it',
    /inbox = r\.inbox \+ l\.letters/,
    'inbox = r.inbox',
  ),
  inSql(
    'letters_not_written',
    'a run is woken for a letter that is not there',
    /order by letter\.place/,
    'where false order by letter.place',
  ),
  inSql(
    'night_not_looked_at',
    'what was kept back by day leaves by night',
    /then e\.name = /,
    "then e.name || '!' = ",
  ),
  inSql(
    'leased_anyhow',
    'the lease does not look at the row: withdrawn, parked or sent, it is sent',
    /and \(e\.due_at <= |\(e\.state in \('planned', 'retryable'\) or /,
    (found) => (found.startsWith('and') ? "and ('-infinity'::timestamptz <= " : '(true or '),
    /update app\.effect e\s+set state = 'sending'/,
  ),
  inSql(
    'brake_ignored',
    'the lease does not look whether an effect is parked',
    /and \(e\.due_at <= /,
    "and ('-infinity'::timestamptz <= ",
    /update app\.effect e\s+set state = 'sending'/,
  ),
  inSql(
    'pause_parks_nothing',
    'a pause leaves what is planned to be sent',
    UNSENT,
    NONE,
    /update app\.effect\s+set due_at = case when \$/,
  ),
  inSql(
    'stop_withdraws_nothing',
    'a stopped run still sends what it had planned',
    UNSENT,
    NONE,
    /cause = \$, settled_at/,
  ),
  inSql(
    'moved_withdraws_nothing',
    'a plan for the old date stays in force',
    /and state in \('planned', 'retryable', 'sending', 'unknown'\)/,
    NONE,
  ),
  inSql(
    'recall_forgotten',
    'what was on its way when the date moved is tried again as it was planned',
    /recalled = case when state in \('sending', 'unknown'\) then 'date_moved' end/,
    'recalled = null',
  ),
  inSql(
    'resends_not_counted',
    'a resend after an unknown outcome leaves no record',
    /resends = e\.resends \+ x\.resend/,
    'resends = e.resends',
  ),
  inSql(
    'audit_elsewhere',
    'the audit is written outside the transaction, and lost',
    /::jsonb\[\]\)$/,
    '::jsonb[]) as x where false',
    /insert into app\.audit/,
  ),
  inSql(
    'log_elsewhere',
    'a turn is saved without its line in the log',
    /join saved using \(place\)/,
    'join saved using (place) where false',
  ),
  inSql(
    'decisions_not_kept',
    'a turn is saved without why it went as it did',
    /line\.event, line\.because/,
    "line.event, '[]'",
    /select saved\.vendor_id, saved\.run_id, line\.rev/,
  ),
  inSql(
    'dead_letters_lost',
    'what failed for good is told to nobody',
    /on conflict \(vendor_id, effect_id\) do update\s+set cause = excluded\.cause, detail/,
    'limit 0 on conflict (vendor_id, effect_id) do update set cause = excluded.cause, detail',
  ),
  inSql(
    'retry_at_once',
    'a failed attempt is due again immediately',
    /set state = x\.state, due_at = x\.due_at/,
    "set state = x.state, due_at = case when x.state = 'retryable' then '2001-01-01'::timestamptz else x.due_at end",
  ),
  inSql(
    'version_not_saved',
    'a run is taken to a new version and the row says the old',
    /version = x\.version, /,
    '',
  ),
  inSql(
    'due_not_saved',
    'a wait is kept in the state and not in the row',
    /due_at = x\.due_at, status = x\.status/,
    'status = x.status',
  ),
  inSql(
    'undo_after_sending',
    'a command is taken back although a message has left',
    /state not in \('planned', 'cancelled'\)/,
    'false',
  ),
  inSql(
    'orphans_left',
    'what a dead worker was sending is never looked for',
    /::int\)$/,
    '::int) where false',
    /app\.orphaned_effects/,
  ),
  inSql(
    'orphans_retried',
    'what a dead worker was sending is sent again, as if it had not been',
    /set state = 'unknown', rung = x\.rung/,
    "set state = 'retryable', rung = 0",
  ),
  // Who comes first
  inSql(
    'hurry_for_all',
    'whatever is planned counts as urgent, and takes the kept seats',
    /x\.shard, x\.band, x\.anchor/,
    'x.shard, 1::smallint, x.anchor',
    /insert into app\.effect \(/,
  ),
  inSql(
    'hurry_for_none',
    'nothing that is planned counts as urgent: a wedding day stands in line with all',
    /x\.shard, x\.band, x\.anchor/,
    'x.shard, 3::smallint, x.anchor',
    /insert into app\.effect \(/,
  ),
  inClaims('flood_not_passed', 'nobody looks past the vendor that has most in hand', (asked) =>
    asked.map((value, place) => (place === PAST_VENDORS ? [] : value)),
  ),
  inClaims('age_not_seen', 'nobody looks for what has waited long', (asked) =>
    // Where the next moments are not asked for and nobody is passed over, it is age that is asked for.
    `${JSON.stringify(asked[AHEAD])}${asked[PAST_VENDORS]}` === JSON.stringify(asked[NOW])
      ? asked.map((value, place) => (place === 0 || place === 1 ? [] : value))
      : asked,
  ),
  // Transactions
  inDb('intent_not_committed', 'the message is sent before its intent is committed', (db) => ({
    ...db,
    tx: (name, scope, work) =>
      name === 'execute.intent' ? rolledBack(db, name, scope, work) : db.tx(name, scope, work),
  })),
  inDb('receipt_before_commit', 'an event is acknowledged before it is committed', (db) => {
    let told = 0
    return {
      ...db,
      tx: (name, scope, work) => {
        if (name === 'receive') told += 1
        return name === 'receive' && told % 3 === 0
          ? rolledBack(db, name, scope, work)
          : db.tx(name, scope, work)
      },
    }
  }),
  inDb('settled_without_turn', 'an outcome is recorded and the run does not hear of it', (db) => ({
    ...db,
    tx: (name, scope, work) =>
      db.tx(name, scope, (sql) =>
        work(name === 'step.settle' ? without(sql, /update app\.run r|insert into app\.run_inbox/) : sql),
      ),
  })),
  inDb('zone_ignored', 'moments are reckoned in UTC, wherever the wedding is', (db) =>
    seenThrough(db, (row) => (row.wedding_zone ? { ...row, wedding_zone: 'UTC' } : row)),
  ),
  inDb('address_not_compared', 'two partners with one address get everything twice', (db) =>
    seenThrough(db, (row) =>
      row.email_mark && row.ref === 'partner_b' ? { ...row, email_mark: new Uint8Array(32).fill(9) } : row,
    ),
  ),
  inDb('consent_ignored', 'nobody asks whether advertising is wanted', (db) =>
    seenThrough(db, (row) =>
      row.may ? { ...row, may: { email: ['transactional', 'relationship', 'marketing'] } } : row,
    ),
  ),
  inDb('claim_forgets_one', 'the last of a batch of due effects is never taken', (db) => ({
    ...db,
    one: async <Row>(
      name: string,
      scope: Parameters<Db['one']>[1],
      text: TemplateStringsArray,
      ...values: readonly unknown[]
    ) => {
      const rows = await db.one<Row>(name, scope, text, ...values)
      return name === 'claim.effects' ? rows.slice(1) : rows
    },
  })),
  inDb('twin_told_otherwise', 'who tells an event again is answered otherwise', (db) =>
    seenThrough(db, (row) =>
      row.history && row.event_id ? { ...row, history: { ...(row.history as object), started: [] } } : row,
    ),
  ),
  inDb('returned_untold', 'a letter comes back and nobody is told', (db) => ({
    ...db,
    tx: (name, scope, work) =>
      db.tx(name, scope, (sql) =>
        work(name === 'mail.heard' ? without(sql, /insert into app\.notice/) : sql),
      ),
  })),
  // Vaults
  {
    name: 'nothing_sealed',
    what: 'what is personal is kept as it was said',
    vault: (vault) => ({
      ...vault,
      seal: async (_place, plain) => plain,
      open: async (_place, sealed) => sealed,
    }),
  },
  // Senders
  inSenders('timeout_is_failure', 'no answer is taken for a no', (senders) => ({
    ...senders,
    send: async (job) => {
      const result = await senders.send(job)
      return result.is === 'unknown' ? { is: 'retry', cause: result.cause, afterMs: null } : result
    },
  })),
  inSenders('outcome_before_send', 'the step is done before the provider has said so', (senders) => ({
    ...senders,
    send: async (job) => {
      senders.send(job).catch(() => undefined)
      return { is: 'done', exit: job.kind.startsWith('email') ? 'sent' : 'next', ref: null }
    },
  })),
  inSenders('new_key_each_attempt', 'a repeat looks like another message to the provider', (senders) => ({
    ...senders,
    send: (job) => senders.send(job.attempt === 1 ? job : { ...job, key: `${job.key}-${job.attempt}` }),
  })),
  inSenders('everybody_keeps_keys', 'a provider that ignores keys is trusted with repeats', (senders) => ({
    ...senders,
    provider: (vendor, kind) => ({ ...senders.provider(vendor, kind), keyWindowMs: 900_000 }),
  })),
  inSenders('look_up_says_no', 'a provider is asked and its answer is not read', (senders) => ({
    ...senders,
    provider: (vendor, kind) => {
      const { lookUp, ...facts } = senders.provider(vendor, kind)
      return lookUp ? { ...facts, lookUp: async (key) => (await lookUp(key)) && 'not_found' } : facts
    },
  })),
  inSenders('content_of_another', 'a cache of rendered messages forgets whose they are', (senders) => {
    const kept = new Map<string, SendJob['content']>()
    return {
      ...senders,
      send(job) {
        const content = kept.get(job.kind) ?? job.content
        kept.set(job.kind, content)
        return senders.send({ ...job, content })
      },
    }
  }),
]

const CLAIMS = [
  /\$\{ts\(now\)\}::timestamptz, \$\{ts\(ahead\)\}::timestamptz, \$\{per\}::int, \$\{past\?\.vendors/,
]
const RELIES: { readonly [bug: string]: readonly RegExp[] } = {
  intent_not_committed: [/tx\('execute\.intent'/],
  receipt_before_commit: [/tx\('receive'/],
  settled_without_turn: [/tx\('step\.settle'/, /update app\.run r/, /insert into app\.run_inbox/],
  zone_ignored: [/as wedding_zone/],
  address_not_compared: [/email_mark/],
  consent_ignored: [/\bmay\b/],
  claim_forgets_one: [/once\(db, 'claim\.effects'/],
  flood_not_passed: CLAIMS,
  age_not_seen: CLAIMS,
  twin_told_otherwise: [/select [^`]*event_id[^`]*history/],
  returned_untold: [/tx\('mail\.heard'/, /insert into app\.notice/],
}
const GROUNDS: { readonly [bug: string]: Ground } = {
  fence_dropped: SLEEPING_SENDERS,
  night_not_looked_at: FULL_HOURS,
  leased_anyhow: ORDERS_ON_ITS_WAY,
  brake_ignored: ORDERS_ON_ITS_WAY,
  pause_parks_nothing: ORDERS_ON_ITS_WAY,
  moved_withdraws_nothing: MOVED_ON_ITS_WAY,
  recall_forgotten: MOVED_AND_PUT_OFF,
  undo_after_sending: DONE_AND_UNDONE,
  orphans_left: LOST_SENDERS,
  orphans_retried: LOST_SENDERS,
  version_not_saved: { faults: { published_again: 1, rolled_back: 1 } },
  consent_ignored: { journeys: ['date_trigger'] },
  address_not_compared: { journeys: ['reminder', 'form', 'house'] },
  twin_told_otherwise: { faults: { event_twice: 1 } },
  returned_untold: { faults: { letter_returned: 0.6 } },
  hurry_for_all: { rush: true },
  hurry_for_none: { rush: true },
  flood_not_passed: { rush: true },
  age_not_seen: { rush: true },
  retry_at_once: { faults: { throttled: 0.5, throttled_until: 0.5 } },
}

export const BUGS: readonly Bug[] = PLANTED.map((bug) => ({
  ...bug,
  ...(RELIES[bug.name] ? { relies: RELIES[bug.name] } : {}),
  ...(GROUNDS[bug.name] ? { ground: GROUNDS[bug.name] } : {}),
}))

export function bugNamed(name: string): Bug {
  const bug = BUGS.find((one) => one.name === name)
  if (!bug)
    throw new Error(`There is no bug "${name}". Those there are: ${BUGS.map((one) => one.name).join(', ')}.`)
  return bug
}

function inDb(name: string, what: string, db: (db: Db) => Db): Bug {
  return { name, what, db }
}
function inClaims(name: string, what: string, ask: (asked: readonly unknown[]) => readonly unknown[]): Bug {
  return inDb(name, what, (db) => ({
    ...db,
    one: (called, scope, text, ...values) =>
      db.one(called, scope, text, ...(called.startsWith('claim.') ? ask(values) : values)),
  }))
}
function inSenders(name: string, what: string, senders: (senders: Senders) => Senders): Bug {
  return { name, what, senders }
}

/** A statement of which one part reads otherwise. `part` may not reach over a parameter. */
function inSql(
  name: string,
  what: string,
  part: RegExp,
  instead: string | ((found: string) => string),
  has?: RegExp,
): Bug {
  const known = new WeakMap<TemplateStringsArray, TemplateStringsArray>()
  let isPlanted = false
  return {
    name,
    what,
    planted: () => isPlanted,
    rewrite(text) {
      const before = known.get(text)
      if (before) return before
      const whole = text.join('$')
      const meant = has === undefined || has.test(whole)
      const parts = meant
        ? text.map((one) =>
            typeof instead === 'string' ? one.replace(part, instead) : one.replace(part, instead),
          )
        : [...text]
      const planted = parts.some((one, index) => one !== text[index])
      const after = planted ? (Object.assign(parts, { raw: parts }) as unknown as TemplateStringsArray) : text
      isPlanted ||= planted
      known.set(text, after)
      return after
    },
  }
}

class OnlyPretending extends Error {}

/** Does everything and keeps nothing, but answers as if it had. */
async function rolledBack<T>(
  db: Db,
  name: string,
  scope: Parameters<Db['tx']>[1],
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  let answer: { readonly is: T } | null = null
  try {
    await db.tx(name, scope, async (sql) => {
      answer = { is: await work(sql) }
      throw new OnlyPretending()
    })
  } catch (error) {
    if (!(error instanceof OnlyPretending)) throw error
  }
  return answer!.is
}

type Row = { readonly [column: string]: unknown }

/** Rows as careless code would read them. */
function seenThrough(db: Db, read: (row: Row) => Row): Db {
  const through =
    (sql: Sql): Sql =>
    async <R>(text: TemplateStringsArray, ...values: readonly unknown[]) =>
      (await sql<R>(text, ...values)).map((row) => read(row as Row) as R)
  return {
    tx: (name, scope, work) => db.tx(name, scope, (sql) => work(through(sql))),
    read: (name, scope, work) => db.read(name, scope, (sql) => work(through(sql))),
    one: async <R>(
      name: string,
      scope: Parameters<Db['one']>[1],
      text: TemplateStringsArray,
      ...values: readonly unknown[]
    ) => (await db.one<R>(name, scope, text, ...values)).map((row) => read(row as Row) as R),
  }
}

const without =
  (sql: Sql, part: RegExp): Sql =>
  async (text, ...values) =>
    part.test(text.join('$')) ? [] : sql(text, ...values)
