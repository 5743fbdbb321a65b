import type { Senders, SendJob } from '../src/engine/senders.ts'
import type { Db, Sql } from '../src/ports.ts'

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
}

const UNSENT = /and state in \('planned', 'retryable'\)/
const NONE = "and state in ('none')"

export const BUGS: readonly Bug[] = [
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

export function bugNamed(name: string): Bug {
  const bug = BUGS.find((one) => one.name === name)
  if (!bug)
    throw new Error(`There is no bug "${name}". Those there are: ${BUGS.map((one) => one.name).join(', ')}.`)
  return bug
}

function inDb(name: string, what: string, db: (db: Db) => Db): Bug {
  return { name, what, db }
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
