import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { ts } from './sql.ts'

/** Workers and their lease: one row renewed for everything a process has in hand (I11). */
export type WorkerRow = {
  worker_id: string
  pid: number
  host: string
  started_at: Instant
  leased_until: Instant
  progress_at: Instant
}

/** Signs a worker in, or renews its lease. */
export async function renewWorker(
  db: Db,
  one: { worker: string; pid: number; host: string; now: Instant; until: Instant; progressAt: Instant },
): Promise<void> {
  await once(db, 'worker.renew', 'platform')`
    insert into app.worker (worker_id, pid, host, started_at, leased_until, progress_at)
    values (${one.worker}, ${one.pid}, ${one.host}, ${ts(one.now)}::timestamptz, ${ts(one.until)}::timestamptz, ${ts(one.progressAt)}::timestamptz)
    on conflict (worker_id) do update set leased_until = excluded.leased_until, progress_at = excluded.progress_at`
}

export async function signOff(db: Db, worker: string): Promise<void> {
  await db.tx('worker.off', 'platform', async (sql) => {
    await sql`update app.shard set worker_id = null, leased_until = null where worker_id = ${worker}`
    await sql`delete from app.worker where worker_id = ${worker}`
  })
}

/** Removes workers that have been silent for a long time; what they were sending has long been called unknown. */
export async function forgetWorkers(sql: Sql, before: Instant): Promise<void> {
  await sql`
    delete from app.worker w
     where w.leased_until < ${ts(before)}::timestamptz
       and not exists (select from app.shard s where s.worker_id = w.worker_id)`
}

/**
 * This worker's share of the shards: keeps what it has, gives back what is too much, takes what is free or whose
 * owner's lease has lapsed. Everybody locks the shards in order, so that two workers never share one.
 */
export async function shareShards(db: Db, worker: string, now: Instant, until: Instant): Promise<number[]> {
  return db.tx('worker.shards', 'platform', async (sql) => {
    const shards = await sql<{ shard: number; mine: boolean; free: boolean }>`
      select shard, coalesce(worker_id = ${worker}, false) as mine, worker_id is null or leased_until <= ${ts(now)}::timestamptz as free
        from app.shard order by shard for update`
    const [live] = await sql<{ workers: number }>`
      select count(*)::int as workers from app.worker where leased_until > ${ts(now)}::timestamptz`
    const share = Math.ceil(shards.length / Math.max(1, live?.workers ?? 1))
    const mine = shards.filter((one) => one.mine).map((one) => one.shard)
    const kept = mine.slice(0, share)
    const wanted = shards.filter((one) => one.free && !one.mine).map((one) => one.shard)
    const own = [...kept, ...wanted.slice(0, share - kept.length)]
    await sql`
      update app.shard
         set worker_id = case when shard = any (${own}::smallint[]) then ${worker}::uuid end,
             leased_until = case when shard = any (${own}::smallint[]) then ${ts(until)}::timestamptz end
       where shard = any (${[...new Set([...mine, ...own])]}::smallint[])`
    return own.sort((a, b) => a - b)
  })
}

export async function liveWorkers(db: Db, now: Instant): Promise<WorkerRow[]> {
  return once(db, 'worker.list', 'platform')<WorkerRow>`
    select worker_id, pid, host, started_at, leased_until, progress_at from app.worker
     where leased_until > ${ts(now)}::timestamptz order by started_at, worker_id`
}
