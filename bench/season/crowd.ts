import type pg from 'pg'
import type { JourneyId, VendorId } from '../../src/core/ids.ts'

/**
 * A crowd of waiting runs, written by the server itself: couples with their weddings, three runs each on the
 * journeys of a hundred vendors, due over the next eighteen months. The rows are whole (every key they name is there),
 * only the checking of it is left out while they are written.
 */
export const CROWD_VENDORS = 100
export const RUNS_PER_COUPLE = 3

export type Crowd = {
  /** Adds couples until so many runs wait. */
  grow(to: number): Promise<void>
  readonly waiting: number
}

/** `like`: the waiting state of a run as the engine wrote it. The first vendor is the bench's own. */
export async function crowd(
  session: pg.Client,
  vendor: VendorId,
  journeys: readonly JourneyId[],
  like: string,
): Promise<Crowd> {
  await session.query(`

    create temporary table bench_vendor (nth int primary key, vendor_id uuid);
    create temporary table bench_journey (vendor_nth int, nth int, journey_id uuid)`)
  await session.query('begin')
  await session.query(`set local session_replication_role = replica`)
  await session.query(`insert into bench_vendor values (0, $1)`, [vendor])
  await session.query(`insert into bench_vendor select n, gen_random_uuid() from generate_series(1, $1) n`, [
    CROWD_VENDORS - 1,
  ])
  await session.query(
    `insert into app.vendor (vendor_id, name, type, zone, region, created_at)
     select b.vendor_id, 'Crowd ' || b.nth, v.type, v.zone, v.region, v.created_at
       from bench_vendor b cross join app.vendor v where v.vendor_id = $1 and b.nth > 0`,
    [vendor],
  )
  await session.query(
    `insert into bench_journey
     select v.nth, j.nth - 1, case when v.nth = 0 then j.id else gen_random_uuid() end
       from bench_vendor v cross join unnest($1::uuid[]) with ordinality as j(id, nth)`,
    [journeys.slice(0, RUNS_PER_COUPLE)],
  )
  await session.query(
    `insert into app.journey (vendor_id, journey_id, key, name, category, status, version, trigger_type, listens_to, created_at)
     select v.vendor_id, b.journey_id, 'crowd-' || b.nth, j.name, j.category, 'active', 1, j.trigger_type, j.listens_to, j.created_at
       from bench_journey b join bench_vendor v on v.nth = b.vendor_nth and v.nth > 0
       join bench_journey first on first.vendor_nth = 0 and first.nth = b.nth
       join app.journey j on j.vendor_id = $1 and j.journey_id = first.journey_id`,
    [vendor],
  )
  await session.query(
    `insert into app.journey_version (vendor_id, journey_id, version, document, hash, published_at, published_by)
     select v.vendor_id, b.journey_id, 1, d.document, d.hash, d.published_at, d.published_by
       from bench_journey b join bench_vendor v on v.nth = b.vendor_nth and v.nth > 0
       join bench_journey first on first.vendor_nth = 0 and first.nth = b.nth
       join app.journey_version d on d.vendor_id = $1 and d.journey_id = first.journey_id and d.version = 1`,
    [vendor],
  )
  await session.query('commit')

  let waiting = 0
  return {
    get waiting() {
      return waiting
    },
    async grow(to) {
      const couples = Math.ceil((to - waiting) / RUNS_PER_COUPLE)
      if (couples <= 0) return
      await session.query('begin')
      await session.query(`set local session_replication_role = replica`)
      await session.query(
        `create temporary table couple on commit drop as
         select v.nth as vendor_nth, v.vendor_id, gen_random_uuid() as client_id, gen_random_uuid() as wedding_id,
                (current_date + 30 + (random() * 540)::int) as wedding_on
           from generate_series(1, $1::int) n join bench_vendor v on v.nth = n % ${CROWD_VENDORS}`,
        [couples],
      )
      await session.query(`
        insert into app.wedding (vendor_id, wedding_id, status, anchors, wedding_on, created_at)
        select vendor_id, wedding_id, 'confirmed',
               jsonb_build_object('wedding', jsonb_build_object('value', jsonb_build_object('is', 'day', 'on', wedding_on), 'generation', 1)),
               wedding_on, now() from couple`)
      await session.query(`
        insert into app.client (vendor_id, client_id, wedding_id, stage, created_at)
        select vendor_id, client_id, wedding_id, 'booked', now() from couple`)
      await session.query(
        `insert into app.run (vendor_id, run_id, journey_id, version, client_id, wedding_id, shard, band, due_at, status, entry_key, state)
         select r.vendor_id, r.run_id, r.journey_id, 1, r.client_id, r.wedding_id,
                ('x' || right(r.run_id::text, 2))::bit(8)::int % 64, 1 + (random() * 2)::int,
                now() + interval '1 day' + random() * interval '540 days', 'waiting', 'wedding:' || r.wedding_id, $1
           from (select c.*, j.journey_id, gen_random_uuid() as run_id
                   from couple c join bench_journey j on j.vendor_nth = c.vendor_nth offset 0) r`,
        [like],
      )
      await session.query('commit')
      waiting += couples * RUNS_PER_COUPLE
    },
  }
}
