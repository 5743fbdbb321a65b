import type { VendorId } from '../core/ids.ts'
import { type Instant, isoOf } from '../core/time/instant.ts'
import { placeOf } from './backup-tables.ts'
import type { Session } from './sql.ts'

/**
 * What must change in rows that come from a backup, before anybody works on them. The installation they were taken
 * from may have gone on for a while: what it did since is not in them.
 */
export type RestoredAt = { readonly taken: Instant; readonly now: Instant }

export async function isEmpty(session: Session): Promise<boolean> {
  const [row] = await session.query<{ empty: boolean }>('select not exists (select from app.vendor) as empty')
  return row?.empty ?? false
}

/** Programs that hold a lease on this database at this moment. */
export async function livingWorkers(
  session: Session,
  now: Instant,
): Promise<{ pid: number; host: string }[]> {
  return session.query<{ pid: number; host: string }>(
    'select pid, host from app.worker where leased_until > $1::timestamptz order by started_at',
    [isoOf(now)],
  )
}

/** Another installation than the one the rows came from: nothing is sent until somebody says so by its new id. */
export async function renewInstallation(
  session: Session,
  id: string,
  zoneData: string,
  now: Instant,
): Promise<void> {
  await session.query('delete from app.installation')
  await session.query(
    'insert into app.installation (installation_id, created_at, zone_data) values ($1, $2::timestamptz, $3)',
    [id, isoOf(now), zoneData],
  )
}

/** Where a lapsed look-up begins (engine/ladder): not with a repeat, whose window may have closed since. */
const RUNG_LOOK_UP = 2

/**
 * What was on its way when the snapshot was taken: nobody knows whether it arrived. With `stopped` the old
 * installation did nothing after the backup, and only what was in the middle of a call is unknown.
 */
export async function callInFlightUnknown(
  session: Session,
  { taken, now }: RestoredAt,
  stopped: boolean,
): Promise<Map<VendorId, number>> {
  // A window that began before the backup counts from then: a repeat after it would be a second message.
  await session.query(
    `update app.effect set key_expires_at = $1::timestamptz where state = 'unknown' and key_expires_at is null`,
    [isoOf(taken)],
  )
  const rows = await session.query<{ vendor_id: VendorId; effects: number }>(
    `with lost as (
       update app.effect
          set state = 'unknown', rung = ${RUNG_LOOK_UP}, due_at = $1::timestamptz, send_deadline = $1::timestamptz, worker_id = null,
              fence = coalesce(fence, 0), key_expires_at = coalesce(key_expires_at, $2::timestamptz), cause = 'restored'
        where state = 'sending' or (not $3::boolean and state in ('planned', 'retryable') and due_at is not null)
       returning vendor_id)
     select vendor_id, count(*)::int as effects from lost group by vendor_id`,
    [isoOf(now), isoOf(taken), stopped],
  )
  return new Map(rows.map((row) => [row.vendor_id, row.effects]))
}

/** Letters to runs: those that are overdue, or every one that is alive. Gives how many got them. */
export async function writeToRuns(
  session: Session,
  which: 'overdue' | 'living',
  now: Instant,
  events: readonly object[],
): Promise<number> {
  const [row] = await session.query<{ runs: number }>(
    `with woken as (
       update app.run set rev = rev + 1, inbox = inbox + $2::int, due_at = least(due_at, $1::timestamptz)
        where status in ('active', 'waiting') and ($3::boolean or due_at < $1::timestamptz)
       returning vendor_id, run_id),
     written as (
       insert into app.run_inbox (vendor_id, run_id, event)
       select w.vendor_id, w.run_id, e.event
         from woken w cross join unnest($4::text[]) with ordinality as e(event, place)
        order by w.vendor_id, w.run_id, e.place)
     select count(*)::int as runs from woken`,
    [isoOf(now), events.length, which === 'living', events.map((event) => JSON.stringify(event))],
  )
  return row?.runs ?? 0
}

export async function tellVendors(
  session: Session,
  now: Instant,
  notices: readonly { vendor: VendorId; id: string; facts: object }[],
): Promise<void> {
  for (const one of notices)
    await session.query(
      `insert into app.notice (vendor_id, notice_id, code, facts, at) values ($1, $2, 'restored', $3::jsonb, $4::timestamptz)`,
      [one.vendor, one.id, JSON.stringify(one.facts), isoOf(now)],
    )
}

export async function countRows(session: Session, table: string): Promise<number> {
  const [row] = await session.query<{ rows: number }>(`select count(*) as rows from ${placeOf(table)}`)
  return row?.rows ?? -1
}
