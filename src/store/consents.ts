import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column, type RunRef } from './refs.ts'
import { ts } from './sql.ts'

/** Who does not want to hear what. An address is known here by its mark only, which outlives an erasure. */
export type ConsentEntry = {
  vendor: VendorId
  id: string
  mark: Uint8Array
  channel: 'email' | 'sms'
  class: string
  given: boolean
  reason: string
  actor: string
  at: Instant
}

export async function insertConsents(sql: Sql, all: readonly ConsentEntry[]): Promise<void> {
  if (all.length === 0) return
  await sql`
    insert into app.consent (vendor_id, consent_id, mark, channel, class, given, reason, actor, at)
    select * from unnest(
      ${column(all, (one) => one.vendor)}::uuid[], ${column(all, (one) => one.id)}::uuid[], ${column(all, (one) => one.mark)}::bytea[],
      ${column(all, (one) => one.channel)}::text[], ${column(all, (one) => one.class)}::text[],
      ${column(all, (one) => one.given)}::boolean[], ${column(all, (one) => one.reason)}::text[],
      ${column(all, (one) => one.actor)}::text[], ${column(all, (one) => ts(one.at))}::timestamptz[])`
}

/** Lifts what was refused for one of these reasons; gives the classes that may be written in again. */
export async function liftSuppressions(
  sql: Sql,
  one: {
    vendor: VendorId
    mark: Uint8Array
    channel: string
    classes: readonly string[]
    reasons: readonly string[]
  },
): Promise<string[]> {
  const rows = await sql<{ class: string }>`
    delete from app.suppression
     where (vendor_id = ${one.vendor}) is true and mark = ${one.mark} and channel = ${one.channel}
       and class = any (${one.classes}::text[]) and reason = any (${one.reasons}::text[])
    returning class`
  return rows.map((row) => row.class)
}

/** People of this vendor with this address. */
export type PersonOfMark = {
  client_id: ClientId
  person_id: string
  ref: string
  may: { email?: string[]; sms?: string[] }
}
export async function peopleOfMark(
  sql: Sql,
  vendor: VendorId,
  channel: 'email' | 'sms',
  mark: Uint8Array,
): Promise<PersonOfMark[]> {
  return sql<PersonOfMark>`
    select client_id, person_id, ref, may from app.person
     where (vendor_id = ${vendor}) is true
       and ((${channel} = 'email' and email_mark = ${mark}) or (${channel} = 'sms' and phone_mark = ${mark}))
     order by client_id, ref`
}

export async function setMay(sql: Sql, vendor: VendorId, person: string, may: unknown): Promise<void> {
  await sql`
    update app.person set may = ${JSON.stringify(may)}::jsonb where vendor_id = ${vendor} and person_id = ${person}`
}

export async function suppressedClasses(
  sql: Sql,
  vendor: VendorId,
  channel: string,
  mark: Uint8Array,
): Promise<{ class: string; reason: string }[]> {
  return sql<{ class: string; reason: string }>`
    select class, reason from app.suppression
     where (vendor_id = ${vendor}) is true and mark = ${mark} and channel = ${channel} order by class`
}

/** What is planned and has not left for these people, in these classes. */
export async function unsentTo(
  sql: Sql,
  vendor: VendorId,
  people: readonly { client: ClientId; ref: string }[],
  channel: string,
  classes: readonly string[],
): Promise<{ run_id: RunId; name: string }[]> {
  return sql<{ run_id: RunId; name: string }>`
    select e.run_id, e.name
      from unnest(${column(people, (one) => one.client)}::uuid[], ${column(people, (one) => one.ref)}::text[]) as x(client_id, ref)
      join app.run r on (r.vendor_id = ${vendor}) is true and r.client_id = x.client_id
      join app.effect e on e.vendor_id = r.vendor_id and e.run_id = r.run_id and e.recipient = x.ref
     where e.channel = ${channel} and e.message_class = any (${classes}::text[]) and e.state in ('planned', 'retryable')
     order by e.run_id, e.name`
}

/**
 * What is being sent to these people, or may have been: it may still arrive, and does not set out again. Whoever had
 * read that they may be written to finds it recalled when it takes the row.
 */
export async function recallTo(
  sql: Sql,
  vendor: VendorId,
  people: readonly { client: ClientId; ref: string }[],
  channel: string,
  classes: readonly string[],
  why: string,
): Promise<void> {
  await sql`
    update app.effect e
       set recalled = coalesce(e.recalled, ${why})
      from unnest(${column(people, (one) => one.client)}::uuid[], ${column(people, (one) => one.ref)}::text[]) as x(client_id, ref)
      join app.run r on (r.vendor_id = ${vendor}) is true and r.client_id = x.client_id
     where e.vendor_id = r.vendor_id and e.run_id = r.run_id and e.recipient = x.ref
       and e.channel = ${channel} and e.message_class = any (${classes}::text[]) and e.state in ('sending', 'unknown')`
}

/** A turn that has not seen what changed beside these runs cannot be saved any more. */
export async function raiseRuns(sql: Sql, refs: readonly RunRef[]): Promise<void> {
  await sql`
    update app.run r set rev = r.rev + 1
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[]) as x(vendor_id, run_id)
     where r.vendor_id = x.vendor_id and r.run_id = x.run_id`
}

export type SuppressionRow = { mark: Uint8Array; channel: string; class: string; reason: string; at: Instant }

export async function listSuppressions(
  sql: Sql,
  vendor: VendorId,
  before: { at: Instant; mark: Uint8Array } | null,
  max: number,
): Promise<SuppressionRow[]> {
  return sql<SuppressionRow>`
    select mark, channel, string_agg(class, ',' order by class) as class, min(reason) as reason, max(at) as at
      from app.suppression
     where (vendor_id = ${vendor}) is true
     group by mark, channel
    having ${before === null} or (max(at), mark) < (${ts(before?.at ?? (0 as Instant))}::timestamptz, ${before?.mark ?? new Uint8Array()}::bytea)
     order by max(at) desc, mark desc limit ${max}::int`
}
