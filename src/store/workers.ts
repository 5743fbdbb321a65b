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

/** What tells a process from another with its number, and which system can judge it. */
export type ProcessFacts = { readonly startedAt: string; readonly boot: string; readonly space: string }

/** Signs a worker in, or renews its lease. */
export async function renewWorker(
  db: Db,
  one: {
    worker: string
    pid: number
    host: string
    process: ProcessFacts | null
    now: Instant
    until: Instant
    progressAt: Instant
  },
): Promise<void> {
  await once(db, 'worker.renew', 'platform')`
    insert into app.worker (worker_id, pid, host, started_at, leased_until, progress_at, facts)
    values (${one.worker}, ${one.pid}, ${one.host}, ${ts(one.now)}::timestamptz, ${ts(one.until)}::timestamptz, ${ts(one.progressAt)}::timestamptz,
            ${JSON.stringify(one.process ?? {})}::jsonb)
    on conflict (worker_id) do update set leased_until = excluded.leased_until, progress_at = excluded.progress_at`
}

/** A worker that has nothing in hand any more leaves at once: nobody needs to wait for its lease to lapse. */
export async function signOff(db: Db, worker: string): Promise<void> {
  await once(db, 'worker.off', 'platform')`delete from app.worker where worker_id = ${worker}`
}

/** Who holds a lease and runs, or ran, under the same system as we do. */
export async function neighbours(
  db: Db,
  worker: string,
  { boot, space }: Pick<ProcessFacts, 'boot' | 'space'>,
  now: Instant,
): Promise<{ worker: string; pid: number; started: string }[]> {
  return once(db, 'worker.neighbours', 'platform')<{ worker: string; pid: number; started: string }>`
    select worker_id::text as worker, pid, facts ->> 'startedAt' as started from app.worker
     where leased_until > ${ts(now)}::timestamptz and worker_id <> ${worker}
       and facts ->> 'boot' = ${boot} and facts ->> 'space' = ${space} and facts ->> 'startedAt' <> ''
     order by worker_id`
}

/** Removes workers that have been silent for a long time; what they were sending has long been called unknown. */
export async function forgetWorkers(sql: Sql, before: Instant): Promise<void> {
  await sql`delete from app.worker where leased_until < ${ts(before)}::timestamptz`
}

export async function liveWorkers(db: Db, now: Instant): Promise<WorkerRow[]> {
  return once(db, 'worker.list', 'platform')<WorkerRow>`
    select worker_id, pid, host, started_at, leased_until, progress_at from app.worker
     where leased_until > ${ts(now)}::timestamptz order by started_at, worker_id`
}

/** A provider that a process does not call for a business at the moment. */
export type OpenBreaker = { readonly provider: string; readonly vendor: string }

/** What this worker does not call, for whoever asks after the whole house. */
export async function tellBreakers(db: Db, worker: string, open: readonly OpenBreaker[]): Promise<void> {
  const told = open.map((one) => `${one.provider} ${one.vendor}`)
  await once(db, 'worker.breakers', 'platform')`
    update app.worker set breakers = ${told}::text[] where worker_id = ${worker}`
}

/** Of all living workers, each provider and business once. */
export async function openBreakers(db: Db, now: Instant): Promise<OpenBreaker[]> {
  const rows = await once(db, 'worker.broken', 'platform')<{ told: string }>`
    select distinct told from app.worker, unnest(breakers) as told
     where leased_until > ${ts(now)}::timestamptz order by told`
  return rows.map(({ told }) => {
    const [provider = '', vendor = ''] = told.split(' ')
    return { provider, vendor }
  })
}

/** Tells other processes that something is due; whoever listens hears it with this commit. A hint (I4). */
export async function notify(db: Db, channel: string, payload: string): Promise<void> {
  await once(db, 'ring.notify', 'platform')`select pg_notify(${channel}, ${payload})`
}
