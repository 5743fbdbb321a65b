import type { ClientId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** Each time a couple was asked with a form. */
export type SendingRow = {
  sending_id: string
  form_id: string
  version: number
  client_id: ClientId
  run_id: RunId | null
  node: string | null
  visit: number | null
  closes: boolean
  asked_at: Instant
  expires_at: Instant
  draft: Uint8Array | null
  saved_at: Instant | null
  submitted_at: Instant | null
  submissions: number
  withdrawn_at: Instant | null
}

export type NewSending = Pick<
  SendingRow,
  | 'sending_id'
  | 'form_id'
  | 'version'
  | 'client_id'
  | 'run_id'
  | 'node'
  | 'visit'
  | 'closes'
  | 'asked_at'
  | 'expires_at'
> & { readonly token_hash: Uint8Array }

/** Two who prepare the same letter make one row; the first one's id counts. */
export async function insertSending(sql: Sql, vendor: VendorId, one: NewSending): Promise<boolean> {
  const rows = await sql<{ sending_id: string }>`
    insert into app.form_sending (vendor_id, sending_id, form_id, version, client_id, run_id, node, visit, token_hash, closes, asked_at, expires_at)
    values (${vendor}, ${one.sending_id}, ${one.form_id}, ${one.version}, ${one.client_id}, ${one.run_id}, ${one.node}, ${one.visit},
            ${one.token_hash}, ${one.closes}, ${ts(one.asked_at)}::timestamptz, ${ts(one.expires_at)}::timestamptz)
    on conflict (vendor_id, run_id, node, visit) do nothing returning sending_id`
  return rows.length > 0
}

/** What this step of this run asked with last; of one visit, where it is said. */
export async function sendingOfStep(
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  node: string,
  visit: number | null,
): Promise<{ sending_id: string } | null> {
  const rows = await sql<{ sending_id: string }>`
    select sending_id from app.form_sending
     where vendor_id = ${vendor} and run_id = ${run} and node = ${node} and (${visit}::int is null or visit = ${visit}::int)
     order by visit desc limit 1`
  return rows[0] ?? null
}

/** A sending as its page needs it. Whoever was erased was asked nothing. */
export type OpenedSending = SendingRow & {
  key: string
  wedding_id: WeddingId | null
  run_status: string | null
  run_state: string | null
}

export async function sendingByToken(
  sql: Sql,
  vendor: VendorId,
  hash: Uint8Array,
): Promise<OpenedSending | null> {
  const rows = await sql<OpenedSending>`
    select s.sending_id, s.form_id, s.version, s.client_id, s.run_id, s.node, s.visit, s.closes, s.asked_at, s.expires_at,
           s.draft, s.saved_at, s.submitted_at, s.submissions, s.withdrawn_at, f.key, c.wedding_id,
           r.status as run_status, r.state as run_state
      from app.form_sending s
      join app.form f on f.vendor_id = s.vendor_id and f.form_id = s.form_id
      join app.client c on c.vendor_id = s.vendor_id and c.client_id = s.client_id and c.erased_at is null
      left join app.run r on r.vendor_id = s.vendor_id and r.run_id = s.run_id
     where s.vendor_id = ${vendor} and s.token_hash = ${hash}`
  return rows[0] ?? null
}

/** The row held until the transaction ends: two clicks take turns. */
export async function lockSending(
  sql: Sql,
  vendor: VendorId,
  sending: string,
): Promise<Pick<SendingRow, 'submissions' | 'withdrawn_at' | 'submitted_at' | 'form_id'> | null> {
  const rows = await sql<Pick<SendingRow, 'submissions' | 'withdrawn_at' | 'submitted_at' | 'form_id'>>`
    select submissions, withdrawn_at, submitted_at, form_id from app.form_sending
     where vendor_id = ${vendor} and sending_id = ${sending} for no key update`
  return rows[0] ?? null
}

/** What was typed so far. Words that come after the answers were sent are not a draft any more. */
export async function saveDraft(
  sql: Sql,
  vendor: VendorId,
  one: {
    readonly sending: string
    readonly sealed: Uint8Array
    readonly submissions: number
    readonly at: Instant
  },
): Promise<boolean> {
  const rows = await sql<{ sending_id: string }>`
    update app.form_sending set draft = ${one.sealed}, saved_at = ${ts(one.at)}::timestamptz
     where vendor_id = ${vendor} and sending_id = ${one.sending} and withdrawn_at is null and submissions = ${one.submissions}
    returning sending_id`
  return rows.length > 0
}

export async function markSubmitted(sql: Sql, vendor: VendorId, sending: string, at: Instant): Promise<void> {
  await sql`
    update app.form_sending set submitted_at = ${ts(at)}::timestamptz, submissions = submissions + 1, draft = null, saved_at = null
     where vendor_id = ${vendor} and sending_id = ${sending}`
}

export async function markWithdrawn(
  sql: Sql,
  vendor: VendorId,
  sending: string,
  at: Instant,
  by: string,
): Promise<void> {
  await sql`
    update app.form_sending set withdrawn_at = ${ts(at)}::timestamptz, withdrawn_by = ${by}, draft = null
     where vendor_id = ${vendor} and sending_id = ${sending} and withdrawn_at is null`
}

export type UnansweredRow = Pick<
  SendingRow,
  | 'sending_id'
  | 'version'
  | 'client_id'
  | 'run_id'
  | 'node'
  | 'asked_at'
  | 'expires_at'
  | 'saved_at'
  | 'closes'
> & { run_status: string | null; run_state: string | null; journey_id: string | null; reminded: number }

/** Who was asked with this form and has not answered; the longest asked first. Those whose step goes on without them are not waited for. */
export async function unansweredOf(
  sql: Sql,
  vendor: VendorId,
  form: string,
  now: Instant,
  limit: number,
): Promise<UnansweredRow[]> {
  return sql<UnansweredRow>`
    select s.sending_id, s.version, s.client_id, s.run_id, s.node, s.asked_at, s.expires_at, s.saved_at, s.closes,
           r.status as run_status, r.state as run_state, r.journey_id,
           (select count(*)::int from app.effect e
             where e.run_id = s.run_id and e.vendor_id = s.vendor_id and e.node like s.node || '.remind-%'
               and e.state in ('accepted', 'delivered')) as reminded
      from app.form_sending s
      join app.client c on c.vendor_id = s.vendor_id and c.client_id = s.client_id and c.erased_at is null
      left join app.run r on r.vendor_id = s.vendor_id and r.run_id = s.run_id
     where s.vendor_id = ${vendor} and s.form_id = ${form} and s.submitted_at is null and s.withdrawn_at is null
       and s.expires_at > ${ts(now)}::timestamptz
       and (s.run_id is null or not s.closes or position('"at":"' || s.node || '"' in r.state) > 0
            or position('"at":"' || s.node || '.answer"' in r.state) > 0)
     order by s.asked_at, s.sending_id
     limit ${limit}`
}

/** One sending with the run that asked, held until the transaction ends. */
export async function lockAsked(
  sql: Sql,
  vendor: VendorId,
  sending: string,
): Promise<Pick<UnansweredRow, 'sending_id' | 'run_id' | 'node' | 'run_state'> | null> {
  const rows = await sql<Pick<UnansweredRow, 'sending_id' | 'run_id' | 'node' | 'run_state'>>`
    select s.sending_id, s.run_id, s.node, r.state as run_state
      from app.form_sending s
      join app.client c on c.vendor_id = s.vendor_id and c.client_id = s.client_id and c.erased_at is null
      left join app.run r on r.vendor_id = s.vendor_id and r.run_id = s.run_id
     where s.vendor_id = ${vendor} and s.sending_id = ${sending} for no key update of s`
  return rows[0] ?? null
}
