import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** What waits for a person, as screens list it. */
export type ApprovalLine = {
  run_id: RunId
  name: string
  node: string
  ask: string
  role: string
  until_at: Instant | null
  asked_at: Instant
}

/** `asked`: only what is asked of these roles, or whatever is open. `after`: the last of the page before; what has no moment comes after everything that has. */
export type AfterOpen = { readonly at: Instant | null; readonly run: string; readonly name: string }

export async function openApprovals(
  sql: Sql,
  vendor: VendorId,
  asked: readonly string[] | null,
  after: AfterOpen | null,
  max: number,
): Promise<ApprovalLine[]> {
  return sql<ApprovalLine>`
    select run_id, name, node, ask, role, until_at, asked_at from app.approval
     where vendor_id = ${vendor} and state = 'open' and (${asked}::text[] is null or role = any (${asked}::text[]))
       and (${after?.run ?? null}::uuid is null
            or (coalesce(until_at, 'infinity'), run_id, name)
               > (coalesce(${ts(after?.at ?? null)}::timestamptz, 'infinity'), ${after?.run ?? null}::uuid, ${after?.name ?? null}::text))
     order by coalesce(until_at, 'infinity'), run_id, name limit ${max}::int`
}

export type TaskLine = {
  run_id: RunId
  name: string
  node: string
  title: string
  role: string
  why: string
  due_at: Instant | null
  opened_at: Instant
}

export async function openTasks(
  sql: Sql,
  vendor: VendorId,
  asked: readonly string[] | null,
  after: AfterOpen | null,
  max: number,
): Promise<TaskLine[]> {
  return sql<TaskLine>`
    select run_id, name, node, title, role, why, due_at, opened_at from app.task
     where vendor_id = ${vendor} and state = 'open' and (${asked}::text[] is null or role = any (${asked}::text[]))
       and (${after?.run ?? null}::uuid is null
            or (coalesce(due_at, 'infinity'), run_id, name)
               > (coalesce(${ts(after?.at ?? null)}::timestamptz, 'infinity'), ${after?.run ?? null}::uuid, ${after?.name ?? null}::text))
     order by coalesce(due_at, 'infinity'), run_id, name limit ${max}::int`
}

export type NoticeLine = {
  notice_id: string
  run_id: RunId | null
  client_id: ClientId | null
  node: string | null
  code: string
  facts: Record<string, unknown>
  at: Instant
}

export async function openNotices(
  sql: Sql,
  vendor: VendorId,
  before: { at: Instant; id: string } | null,
  max: number,
): Promise<NoticeLine[]> {
  return sql<NoticeLine>`
    select n.notice_id, n.run_id, coalesce(r.client_id, (n.facts ->> 'client')::uuid) as client_id, n.node, n.code, n.facts, n.at
      from app.notice n left join app.run r on r.vendor_id = n.vendor_id and r.run_id = n.run_id
     where n.vendor_id = ${vendor} and n.settled_at is null
       and (${before?.id ?? null}::uuid is null
            or (n.at, n.notice_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
     order by n.at desc, n.notice_id desc limit ${max}::int`
}

/** Settles a notice; null when there is none, else whether it was open. */
export async function settleNoticeById(
  sql: Sql,
  vendor: VendorId,
  notice: string,
  now: Instant,
): Promise<'settled' | 'before' | null> {
  const done = await sql`
    update app.notice set settled_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and notice_id = ${notice} and settled_at is null returning notice_id`
  if (done.length > 0) return 'settled'
  const known =
    await sql`select notice_id from app.notice where vendor_id = ${vendor} and notice_id = ${notice}`
  return known.length > 0 ? 'before' : null
}

/** Of a run that is held because everything is: that is said once, and not for each of them. */
export const ONLY_BY_EVERYTHING = '"holds":["everything"]'

export type TodayCounts = {
  approvals: number
  approvals_yours: number
  tasks: number
  tasks_yours: number
  tasks_overdue: number
  tasks_overdue_yours: number
  notices: number
  dead_letters: number
  waiting: number
  due_today: number
  due_week: number
  held: number
}

/** What is still on its way has a moment or is in the short list of those without: asked apart, each by its index. */
export async function todayCounts(
  sql: Sql,
  vendor: VendorId,
  asked: readonly string[],
  at: { now: Instant; dayEnds: Instant; weekEnds: Instant },
): Promise<TodayCounts> {
  const [row] = await sql<TodayCounts>`
    with open_approvals as (
      select count(*)::int as approvals, count(*) filter (where role = any (${asked}::text[]))::int as approvals_yours
        from app.approval where vendor_id = ${vendor} and state = 'open'),
    open_tasks as (
      select count(*)::int as tasks, count(*) filter (where role = any (${asked}::text[]))::int as tasks_yours,
             count(*) filter (where due_at < ${ts(at.now)}::timestamptz)::int as tasks_overdue,
             count(*) filter (where due_at < ${ts(at.now)}::timestamptz and role = any (${asked}::text[]))::int as tasks_overdue_yours
        from app.task where vendor_id = ${vendor} and state = 'open')
    select (select approvals from open_approvals), (select approvals_yours from open_approvals),
           (select tasks from open_tasks), (select tasks_yours from open_tasks),
           (select tasks_overdue from open_tasks), (select tasks_overdue_yours from open_tasks),
           (select count(*)::int from app.notice where vendor_id = ${vendor} and settled_at is null) as notices,
           (select count(*)::int from app.dead_letter where vendor_id = ${vendor} and requeued_at is null) as dead_letters,
           (select count(*)::int from app.effect where vendor_id = ${vendor} and due_at is not null and state in ('planned', 'sending', 'retryable', 'unknown')) +
           (select count(*)::int from app.effect where vendor_id = ${vendor} and due_at is null and state in ('planned', 'sending', 'retryable', 'unknown')) as waiting,
           (select count(*)::int from app.run
             where vendor_id = ${vendor} and status = 'paused' and position(${ONLY_BY_EVERYTHING}::text in state) = 0) as held,
           count(*) filter (where due_at < ${ts(at.dayEnds)}::timestamptz)::int as due_today,
           count(*)::int as due_week
      from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting') and due_at < ${ts(at.weekEnds)}::timestamptz`
  if (!row) throw new Error('a count without a group has one row')
  return row
}

export type WeddingDayLine = {
  wedding_id: string
  client_id: ClientId
  wedding_on: string
  zone: string | null
}

export async function weddingsBetween(
  sql: Sql,
  vendor: VendorId,
  from: string,
  to: string,
): Promise<WeddingDayLine[]> {
  return sql<WeddingDayLine>`
    select w.wedding_id, c.client_id, w.wedding_on, w.zone
      from app.wedding w join app.client c on c.wedding_id = w.wedding_id and c.vendor_id = w.vendor_id and c.erased_at is null
     where w.vendor_id = ${vendor} and w.wedding_on between ${from}::date and ${to}::date
       and w.status in ('held', 'confirmed', 'moved')
     order by w.wedding_on, w.wedding_id`
}

export type RiskLine = {
  client_id: ClientId
  undelivered: number
  stuck: number
  overdue: number
  held: number
  approval: number
}

/** What stands in the way of these couples, counted over their journeys that are under way. */
export async function risksOf(
  sql: Sql,
  vendor: VendorId,
  clients: readonly ClientId[],
  now: Instant,
): Promise<RiskLine[]> {
  if (clients.length === 0) return []
  return sql<RiskLine>`
    select r.client_id,
           count(*) filter (where r.status in ('active', 'waiting') and position('"is":"stuck"' in r.state) > 0)::int as stuck,
           count(*) filter (where r.status = 'paused')::int as held,
           sum((select count(*) from app.effect e join app.dead_letter d on d.vendor_id = e.vendor_id and d.effect_id = e.effect_id
                 where e.run_id = r.run_id and (e.vendor_id = r.vendor_id) is true and d.requeued_at is null))::int as undelivered,
           sum((select count(*) from app.task t
                 where t.vendor_id = r.vendor_id and t.run_id = r.run_id and t.state = 'open' and t.due_at < ${ts(now)}::timestamptz))::int as overdue,
           sum((select count(*) from app.approval a
                 where a.vendor_id = r.vendor_id and a.run_id = r.run_id and a.state = 'open'))::int as approval
      from app.run r
     where r.client_id = any (${clients}::uuid[]) and (r.vendor_id = ${vendor}) is true
     group by r.client_id`
}

/** Runs of a vendor that have something to do before this moment, the first due first. */
export async function runsDueBefore(
  sql: Sql,
  vendor: VendorId,
  before: Instant,
  max: number,
): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting') and due_at < ${ts(before)}::timestamptz
     order by due_at, run_id limit ${max}::int`
  return rows.map((row) => row.run_id)
}

export type SentToday = {
  effect_id: string
  run_id: RunId
  node: string
  kind: string
  recipient: string
  state: string
  cause: string | null
  planned_at: Instant
  settled_at: Instant | null
}

/** What was planned since, whatever became of it: the newest first. */
export async function messagesSince(
  sql: Sql,
  vendor: VendorId,
  since: Instant,
  max: number,
): Promise<SentToday[]> {
  return sql<SentToday>`
    select effect_id, run_id, node, kind, recipient, state, cause, planned_at, settled_at from app.effect
     where vendor_id = ${vendor} and planned_at >= ${ts(since)}::timestamptz
     order by planned_at desc, effect_id desc limit ${max}::int`
}

/** All of them, those that have gone and those on their way: what is told one by one may have an end. */
export async function countMessagesSince(
  sql: Sql,
  vendor: VendorId,
  since: Instant,
): Promise<{ all: number; gone: number; coming: number }> {
  const [row] = await sql<{ all: number; gone: number; coming: number }>`
    select count(*)::int as all,
           count(*) filter (where state in ('accepted', 'delivered'))::int as gone,
           count(*) filter (where state in ('planned', 'sending', 'retryable', 'unknown'))::int as coming
      from app.effect where vendor_id = ${vendor} and planned_at >= ${ts(since)}::timestamptz`
  if (!row) throw new Error('a count without a group has one row')
  return row
}

/** How many runs have something to do later than this one, by the days that end at these. */
export async function countRunsDue(
  sql: Sql,
  vendor: VendorId,
  after: { readonly at: Instant; readonly run: RunId },
  ends: readonly Instant[],
): Promise<number[]> {
  const rows = await sql<{ day: number; runs: number }>`
    select width_bucket(due_at, ${ts(ends)}::timestamptz[]) as day, count(*)::int as runs from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting')
       and (due_at, run_id) > (${ts(after.at)}::timestamptz, ${after.run}::uuid)
       and due_at < ${ts(ends.at(-1)!)}::timestamptz
     group by 1`
  const counts = new Map(rows.map((row) => [row.day, row.runs]))
  return ends.map((_, day) => counts.get(day) ?? 0)
}
