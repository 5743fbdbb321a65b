import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** What went outside about a seal: whoever has it can tell whether the record is still the one that was sealed then. */
export type Anchor = { readonly vendor: VendorId; readonly place: number; readonly hash: string }

export type Sealing = {
  readonly now: Instant
  /** A vendor whose last seal is younger than this waits, unless that seal was full. */
  readonly restedSince: Instant
  /** What bears an older moment than the last seal less this is in a seal already. */
  readonly lateMs: number
  readonly most: number
}

/**
 * Seals what is visible and in no seal yet, of all these vendors in one statement; a clock that was put back is
 * followed, what lies ahead of it waits. Whoever writes the record is not
 * waited for and does not wait; of two who seal at once one finds the place taken and does nothing.
 */
export async function sealAudit(
  sql: Sql,
  vendors: readonly VendorId[],
  { now, restedSince, lateMs, most }: Sealing,
): Promise<readonly (Anchor & { readonly size: number })[]> {
  const late = `${lateMs} milliseconds`
  return sql<Anchor & { size: number }>`
    with last as materialized (
      select v.vendor_id, l.place, l.hash, least(l.until_at, ${ts(now)}::timestamptz) - ${late}::interval as from_at
        from unnest(${vendors}::uuid[]) as v (vendor_id)
        left join lateral (
          select s.place, s.hash, s.until_at, s.sealed_at, s.size from app.audit_seal s
           where s.vendor_id = v.vendor_id order by s.place desc limit 1) l on true
       where l.place is null or l.size >= ${most}::int or l.sealed_at <= ${ts(restedSince)}::timestamptz),
    known as materialized (
      select s.vendor_id, r.audit_id
        from last l
        join app.audit_seal s on s.vendor_id = l.vendor_id and s.until_at >= l.from_at
       cross join lateral app.sealed_rows(s.rows) r),
    fresh as (
      select a.*, row_number() over (partition by a.vendor_id order by a.at, a.audit_id) as nth
        from last l cross join lateral (
          select * from app.audit a
           where a.vendor_id = l.vendor_id and a.at >= case when l.place is null then '-infinity' else l.from_at end
             and a.at <= ${ts(now)}::timestamptz
           -- A record that was never sealed is read by batches, however long it is.
           order by a.at, a.audit_id
           limit ${most}::int + (select count(*) from known k where k.vendor_id = l.vendor_id)) a
       where not exists (select from known k where k.vendor_id = a.vendor_id and k.audit_id = a.audit_id)),
    batch as (
      select vendor_id, count(*)::int as size, case when count(*) < ${most}::int then ${ts(now)}::timestamptz else max(at) end as until_at,
             string_agg(uuid_send(audit_id) || app.audit_digest(vendor_id, audit_id, at, actor, action, subject, detail), ''::bytea order by nth) as rows
        from fresh where nth <= ${most}::int group by vendor_id)
    insert into app.audit_seal (vendor_id, place, sealed_at, until_at, size, rows, rows_hash, before, hash)
    select b.vendor_id, coalesce(l.place, 0) + 1, ${ts(now)}::timestamptz, b.until_at, b.size, b.rows, sha256(b.rows), coalesce(l.hash, ''::bytea),
           app.seal_hash(b.vendor_id, coalesce(l.place, 0) + 1, coalesce(l.hash, ''::bytea), sha256(b.rows), b.size, b.until_at, ${ts(now)}::timestamptz)
      from batch b join last l on l.vendor_id = b.vendor_id
    on conflict do nothing
    returning vendor_id as vendor, place, encode(hash, 'hex') as hash, size`
}

export const ALTERATIONS = [
  'edited',
  'deleted',
  'slipped_in',
  'seal_broken',
  'seal_missing',
  'let_go_early',
] as const
export type Alteration = {
  readonly is: (typeof ALTERATIONS)[number]
  /** The seal that tells it; null for a row that is in none. */
  readonly place: number | null
  /** The row of the record; null where it is the seal itself. */
  readonly id: string | null
}
export type SealCheck = {
  /** The newest seal; null while nothing is sealed. */
  readonly place: number | null
  readonly hash: string | null
  readonly until_at: Instant | null
  readonly sealed: number
  readonly let_go: number
  /** Not sealed yet, and young enough for that. */
  readonly waiting: number
  readonly found: number
  readonly alterations: readonly Alteration[]
}
/** What one page of seals tells, and the place after which the next begins; null at the end. */
export type SealPage = SealCheck & { readonly next: number | null }

export type Checking = {
  readonly lateMs: number
  readonly keptSince: Instant
  /** So many alterations are named. */
  readonly most: number
  /** Seals up to this place were compared before. */
  readonly after: number
  /** A page ends with the seal that fills it: what a statement holds and how long it takes is bounded by it. */
  readonly rowsMax: number
}
/** Of small seals, so many to a page. */
const SEALS_MAX = 500

/**
 * Compares one page of a vendor's seals with the record, in one statement and so in one view of both. The pages cut
 * the record by moment where they cut the seals, so that each change is looked for once. One that no seal near its
 * moment names is looked for in all of them before it is said that it was slipped in: clocks have been put back.
 */
export async function checkSeals(
  sql: Sql,
  vendor: VendorId,
  { lateMs, keptSince, most, after, rowsMax }: Checking,
): Promise<SealPage> {
  const late = `${lateMs} milliseconds`
  const [row] = await sql<SealPage>`
    with head as materialized (
      select place, hash, until_at from app.audit_seal where vendor_id = ${vendor} order by place desc limit 1),
    prior as materialized (
      select place, hash from app.audit_seal where vendor_id = ${vendor} and place <= ${after}::int order by place desc limit 1),
    page as materialized (
      select n.*, coalesce(lag(n.hash) over chain, (select hash from prior)) as prior,
             coalesce(lag(n.place) over chain, (select place from prior), 0) as prior_place
        from (select s.*, sum(s.size) over (order by s.place) - s.size as rows_before
                from (select * from app.audit_seal where vendor_id = ${vendor} and place > ${after}::int order by place limit ${SEALS_MAX}::int) s) n
       where n.rows_before < ${rowsMax}::int window chain as (order by n.place)),
    ends as materialized (
      select x.place, x.place is not distinct from (select place from head) as is_last
        from (select max(place) as place from page) x),
    span as materialized (
      select coalesce((select max(until_at) from app.audit_seal where vendor_id = ${vendor} and place <= ${after}::int), '-infinity') as from_at,
             case when e.is_last then 'infinity'
                  else (select max(until_at) from app.audit_seal where vendor_id = ${vendor} and place <= e.place) end as until_at
        from ends e),
    kept as materialized (
      select s.place, r.audit_id, r.digest from page s cross join lateral app.sealed_rows(s.rows) r),
    record as materialized (
      select a.audit_id, a.at from span x
        cross join lateral (select audit_id, at from app.audit
                             where vendor_id = ${vendor} and at > x.from_at and at <= x.until_at) a),
    stray as materialized (
      select r.audit_id, r.at from record r where not exists (select from kept k where k.audit_id = r.audit_id)),
    near as materialized (
      select r.audit_id
        from span x join app.audit_seal s on s.vendor_id = ${vendor}
         and (s.until_at between x.from_at - ${late}::interval and x.until_at + ${late}::interval
              or s.place = (select place + 1 from ends))
         and s.place not in (select place from page)
        cross join lateral app.sealed_rows(s.rows) r
       where exists (select from stray)),
    loose as materialized (
      select r.audit_id, r.at < (select until_at from head) - ${late}::interval as is_old
        from stray r where not exists (select from near k where k.audit_id = r.audit_id)),
    altered as materialized (
      select 'seal_missing' as is, place, null::uuid as id from page where place <> prior_place + 1
      union all
      select 'seal_broken', place, null from page
       where (place = prior_place + 1 and before <> coalesce(prior, ''::bytea))
          or hash <> app.seal_hash(vendor_id, place, before, rows_hash, size, until_at, sealed_at)
          or (sha256(rows) = rows_hash) is not true and (rows is not null or let_go_at is null)
      union all
      select 'let_go_early', place, null from page where let_go_at is not null and until_at > ${ts(keptSince)}::timestamptz
      union all
      select case when a.audit_id is null then 'deleted' else 'edited' end, k.place, k.audit_id
        from kept k
        left join lateral (
          select a.audit_id, app.audit_digest(a.vendor_id, a.audit_id, a.at, a.actor, a.action, a.subject, a.detail) as digest
            from app.audit a where a.vendor_id = ${vendor} and a.audit_id = k.audit_id offset 0) a on true
       where a.audit_id is null or a.digest <> k.digest
      union all
      select 'slipped_in', null, l.audit_id from loose l
       where l.is_old and not exists (select from app.audit_seal s where s.vendor_id = ${vendor} and position(uuid_send(l.audit_id) in s.rows) > 0))
    select (select place from head), (select encode(hash, 'hex') from head) as hash, (select until_at from head),
           (select count(*)::int from kept) as sealed, (select coalesce(sum(size), 0)::int from page where let_go_at is not null) as let_go,
           (select count(*)::int from loose where is_old is not true) as waiting, (select count(*)::int from altered) as found,
           (select case when is_last then null else place end from ends) as next,
           coalesce((select json_agg(json_build_object('is', x.is, 'place', x.place, 'id', x.id))
                       from (select * from altered order by place, id limit ${most}::int) x), '[]') as alterations`
  if (!row) throw new Error('a count without a group has one row')
  return row
}

/** Of these, the ones that the record no longer bears out: the seal is gone, or is another. */
export async function anchorsBroken(
  sql: Sql,
  vendor: VendorId,
  anchors: readonly Anchor[],
): Promise<readonly number[]> {
  const rows = await sql<{ place: number }>`
    select distinct x.place from unnest(${anchors.map((one) => one.place)}::int[], ${anchors.map((one) => one.hash)}::text[]) as x (place, hash)
     where not exists (select from app.audit_seal s
                        where s.vendor_id = ${vendor} and s.place = x.place and encode(s.hash, 'hex') = x.hash)
     order by 1`
  return rows.map((row) => row.place)
}
