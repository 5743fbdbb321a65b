import type { ClientId, EffectId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** What came to wait for the people of a business within a span: for the letter that tells them. */
export type Span = { readonly after: Instant; readonly until: Instant }

/** Businesses where something waits that nobody was told of, and that had no such letter since `lately`. */
export async function vendorsToTell(
  sql: Sql,
  vendors: readonly VendorId[],
  at: { readonly until: Instant; readonly lately: Instant },
): Promise<VendorId[]> {
  const rows = await sql<{ vendor_id: VendorId }>`
    select one.vendor_id from (
      select vendor_id, coalesce((channels -> 'team' ->> 'letters')::boolean, true) as letters,
             to_timestamp(coalesce((channels -> 'team' ->> 'told')::bigint, 0) / 1000.0) as told
        from app.vendor where vendor_id = any (${vendors}::uuid[]) and suspended_at is null and not app.is_sample(vendor_id)) as one
     where one.letters and one.told < ${ts(at.lately)}::timestamptz
       and (exists (select from app.approval a where a.vendor_id = one.vendor_id and a.state = 'open'
                       and a.asked_at > one.told and a.asked_at <= ${ts(at.until)}::timestamptz)
            or exists (select from app.task t where t.vendor_id = one.vendor_id and t.state = 'open'
                          and t.opened_at > one.told and t.opened_at <= ${ts(at.until)}::timestamptz)
            or exists (select from app.notice n where n.vendor_id = one.vendor_id and n.settled_at is null
                          and n.at > one.told and n.at <= ${ts(at.until)}::timestamptz)
            or exists (select from app.captured_message c where c.vendor_id = one.vendor_id and c.channel = 'note'
                          and c.at > one.told and c.at <= ${ts(at.until)}::timestamptz))
     order by one.vendor_id`
  return rows.map((row) => row.vendor_id)
}

export type AskedLine = {
  is: 'approval' | 'task'
  client_id: ClientId
  says: string
  role: string
  by: Instant | null
  zone: string | null
}

/** Questions and tasks that were opened within the span and are open still, the most urgent first. */
export async function askedWithin(
  sql: Sql,
  vendor: VendorId,
  { after, until }: Span,
  max: number,
): Promise<AskedLine[]> {
  return sql<AskedLine>`
    select o.is, r.client_id, o.says, o.role, o.by, w.zone
      from (select 'approval' as is, run_id, ask as says, role, until_at as by from app.approval
             where vendor_id = ${vendor} and state = 'open'
               and asked_at > ${ts(after)}::timestamptz and asked_at <= ${ts(until)}::timestamptz
            union all
            select 'task', run_id, title, role, due_at from app.task
             where vendor_id = ${vendor} and state = 'open'
               and opened_at > ${ts(after)}::timestamptz and opened_at <= ${ts(until)}::timestamptz) as o
      join app.run r on r.vendor_id = ${vendor} and r.run_id = o.run_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     order by o.by nulls last, o.is, o.says limit ${max}::int`
}

export type NoteLine = { effect_id: EffectId; client_id: ClientId; recipient: string; sealed: Uint8Array }

/** Notes that journeys wrote to the team within the span. */
export async function notesWithin(
  sql: Sql,
  vendor: VendorId,
  { after, until }: Span,
  max: number,
): Promise<NoteLine[]> {
  return sql<NoteLine>`
    select c.effect_id, e.client_id, e.recipient, c.sealed
      from app.captured_message c join app.effect e on e.vendor_id = c.vendor_id and e.effect_id = c.effect_id
     where c.vendor_id = ${vendor} and c.channel = 'note'
       and c.at > ${ts(after)}::timestamptz and c.at <= ${ts(until)}::timestamptz
     order by c.at, c.effect_id limit ${max}::int`
}

/** How many things want a look that came within the span. */
export async function noticesWithin(sql: Sql, vendor: VendorId, { after, until }: Span): Promise<number> {
  const [row] = await sql<{ many: number }>`
    select count(*)::int as many from app.notice
     where vendor_id = ${vendor} and settled_at is null
       and at > ${ts(after)}::timestamptz and at <= ${ts(until)}::timestamptz`
  return row?.many ?? 0
}
