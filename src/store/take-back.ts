import type { ClientId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** What keeps a couple in the book: something went to them, they spoke, or somebody has worked on them since. */
export const KEPT_BY = ['sent', 'heard', 'moved', 'seen_to', 'edited'] as const
export type KeptBy = (typeof KEPT_BY)[number]

/**
 * Holds couples with their runs and messages in the order everybody holds them in, weddings first: what is about to be
 * sent waits, and then finds nothing to send.
 */
export async function holdCouples(
  sql: Sql,
  vendor: VendorId,
  couples: readonly ClientId[],
): Promise<ClientId[]> {
  await sql`
    select wedding_id from app.wedding
     where vendor_id = ${vendor} and wedding_id in (
             select c.wedding_id from app.client c where c.vendor_id = ${vendor} and c.client_id = any (${couples}::uuid[]))
     order by wedding_id for update`
  const held = await sql<{ client_id: ClientId }>`
    select client_id from app.client where vendor_id = ${vendor} and client_id = any (${couples}::uuid[])
     order by client_id for update`
  await sql`
    select run_id from app.run where vendor_id = ${vendor} and client_id = any (${couples}::uuid[]) order by run_id for update`
  await sql`
    select effect_id from app.effect where vendor_id = ${vendor} and client_id = any (${couples}::uuid[]) order by effect_id for update`
  return held.map((one) => one.client_id)
}

/** The first reason why each of these must stay; who has none is not named. Tags and stages are no reason. */
export async function whyKept(
  sql: Sql,
  vendor: VendorId,
  couples: readonly ClientId[],
  since: Instant,
): Promise<Map<ClientId, KeptBy>> {
  const rows = await sql<{ client_id: ClientId; why: KeptBy }>`
    with these as (
      select c.client_id, c.wedding_id from app.client c where c.vendor_id = ${vendor} and c.client_id = any (${couples}::uuid[])),
    found as (
      select client_id, 1 as nth, 'sent' as why from app.effect
       where vendor_id = ${vendor} and client_id = any (${couples}::uuid[]) and attempt > 0
      union all
      select client_id, 2, 'heard' from app.event
       where vendor_id = ${vendor} and client_id = any (${couples}::uuid[])
         and source not in ('import', 'journey', 'details', 'job:tag', 'api:client')
      union all
      select client_id, 2, 'heard' from app.answer where vendor_id = ${vendor} and client_id = any (${couples}::uuid[])
      union all
      select client_id, 2, 'heard' from app.form_sending
       where vendor_id = ${vendor} and client_id = any (${couples}::uuid[]) and (saved_at is not null or submitted_at is not null)
      union all
      select t.client_id, 3, 'moved' from these t join app.details_change d on d.vendor_id = ${vendor} and d.undone_at is null
         and (d.client_id = t.client_id or d.wedding_id = t.wedding_id)
      union all
      select r.client_id, 4, 'seen_to' from app.run r join app.task k on k.vendor_id = r.vendor_id and k.run_id = r.run_id
       where r.vendor_id = ${vendor} and r.client_id = any (${couples}::uuid[]) and k.state = 'done'
      union all
      select t.client_id, 5, 'edited' from these t
        join app.audit a on a.vendor_id = ${vendor} and a.at >= ${ts(since)}::timestamptz
         and a.subject = t.client_id::text
         and (a.action = 'client.person_saved' or (a.action = 'client.changed' and a.detail::text like '%"fact.%')))
    select distinct on (client_id) client_id, why from found order by client_id, nth`
  return new Map(rows.map((row) => [row.client_id, row.why]))
}

/** Removes couples that the caller holds, with everything that hangs on them. */
export async function removeCouples(
  sql: Sql,
  vendor: VendorId,
  couples: readonly ClientId[],
): Promise<number> {
  const [row] = await sql<{ gone: number }>`
    select app.take_back_couples(${vendor}, ${couples}::uuid[]) as gone`
  return row?.gone ?? 0
}

/** What keeps one person of a couple; the last word about whoever may go is that somebody added them by hand. */
export type PersonKeptBy = 'unknown' | 'alone' | 'came' | 'sent' | 'planned' | 'walks' | 'heard'

/** The first reason why this person of a couple that the caller holds must stay; null where they may go. */
export async function whyPersonKept(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  ref: string,
): Promise<PersonKeptBy | null> {
  const [found] = await sql<{ why: PersonKeptBy | null }>`
    with added as (
      select a.at from (
        select a.at, a.detail from app.client c
          join app.audit a on a.vendor_id = c.vendor_id and a.at >= c.created_at and a.subject = c.client_id::text
         where c.vendor_id = ${vendor} and c.client_id = ${client}
           and a.action = 'client.person_saved' and a.detail ->> 'ref' = ${ref}
         order by a.at desc, a.audit_id desc limit 1) a
       where a.detail -> 'changed' @> '["added"]'),
    written as (
      select attempt > 0 as sent, state in ('planned', 'retryable') as planned from app.effect
       where vendor_id = ${vendor} and client_id = ${client} and recipient = ${ref})
    select case
      when not exists (select from app.person where vendor_id = ${vendor} and client_id = ${client} and ref = ${ref}) then 'unknown'
      when not exists (select from app.person where vendor_id = ${vendor} and client_id = ${client} and ref <> ${ref}) then 'alone'
      when exists (select from written where sent) then 'sent'
      when exists (select from written where planned) then 'planned'
      when exists (select from app.run
                    where vendor_id = ${vendor} and client_id = ${client} and status in ('active', 'waiting', 'paused')
                      and position(to_json(${ref}::text)::text in state) > 0) then 'walks'
      when not exists (select from added) then 'came'
      when exists (select from app.event e join added on e.at >= added.at
                    where e.vendor_id = ${vendor} and e.client_id = ${client}
                      and e.source not in ('import', 'journey', 'details', 'job:tag', 'api:client')) then 'heard'
    end as why`
  return found?.why ?? null
}

/** Removes one person of a couple that the caller holds. */
export async function removePersonOf(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  ref: string,
): Promise<void> {
  await sql`select app.take_back_person(${vendor}, ${client}, ${ref})`
}
