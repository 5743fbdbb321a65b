import type { OpenSession } from '../../src/postgres/client.ts'

/**
 * What must hold in the rows after every storm, as statements that give the rows for which it does not
 * (reliability 2.4). Asked when the town has come to rest.
 */
const INVARIANTS: { readonly [promise: string]: string } = {
  'a living run has something that moves it': `
    select r.run_id::text as what from app.run r
     where r.status in ('active', 'waiting') and r.due_at is null and r.inbox = 0
       and not exists (select from app.effect e where e.vendor_id = r.vendor_id and e.run_id = r.run_id and e.due_at is not null)
       and not exists (select from app.task t where t.vendor_id = r.vendor_id and t.run_id = r.run_id and t.state = 'open')`,
  'every letter to a run was read': `select run_id::text as what from app.run_inbox`,
  'a run knows how many letters it has': `
    select r.run_id::text as what from app.run r
     where r.inbox <> (select count(*) from app.run_inbox i where i.vendor_id = r.vendor_id and i.run_id = r.run_id)
       and r.status in ('active', 'waiting')`,
  'a turn is logged once': `
    select run_id || ' rev ' || rev as what from app.run_log group by run_id, rev having count(*) > 1`,
  'a step has one outcome': `
    select run_id || ' ' || (event::jsonb ->> 'effect') as what from app.run_log
     where event::jsonb ->> 'is' = 'settled'
     group by run_id, event::jsonb ->> 'effect' having count(*) > 1`,
  'nothing is being sent by nobody': `select effect_id::text as what from app.effect where state = 'sending'`,
  'what is due has begun': `
    select effect_id || ' ' || state as what from app.effect where state in ('planned', 'retryable') and due_at is not null
    union all
    select run_id || ' ' || status from app.run where due_at < clock_timestamp() - interval '5 seconds'`,
  'what is settled is not due': `
    select effect_id || ' ' || state as what from app.effect
     where state in ('accepted', 'delivered', 'rejected', 'failed', 'unresolved', 'suppressed', 'cancelled')
       and (due_at is not null or settled_at is null)`,
  'an open question has a next moment': `select effect_id::text as what from app.effect where state = 'unknown' and due_at is null`,
  'every attempt was recorded before it began, once': `
    select e.effect_id || ' attempt ' || e.attempt as what from app.effect e
      left join app.effect_attempt a
        on a.vendor_id = e.vendor_id and a.effect_id = e.effect_id and a.result is distinct from 'not_begun'
     group by e.vendor_id, e.effect_id, e.attempt
    having count(a.attempt) <> e.attempt or count(distinct a.attempt) <> e.attempt or coalesce(max(a.attempt), 0) <> e.attempt`,
  'fences only rise': `
    select effect_id || ' attempt ' || attempt as what
      from (select effect_id, attempt, fence, lag(fence) over (partition by effect_id order by attempt, started_at, fence) as before from app.effect_attempt) a
     where fence <= before`,
  'what was attempted is frozen': `
    select e.effect_id::text as what from app.effect e
     where e.attempt > 0 and e.state <> 'cancelled'
       and not exists (select from app.effect_content c where c.vendor_id = e.vendor_id and c.effect_id = e.effect_id)`,
  'a healthy run is never set aside': `
    select run_id || ' ' || facts::text as what from app.notice where code = 'engine_error'`,
}

const SHOWN_MAX = 5

export async function brokenInvariants(session: OpenSession): Promise<string[]> {
  const broken: string[] = []
  for (const [promise, text] of Object.entries(INVARIANTS)) {
    const rows = await session.query<{ what: string }>(text)
    if (rows.length === 0) continue
    const some = rows.slice(0, SHOWN_MAX).map((row) => row.what)
    broken.push(`${promise}: ${rows.length} times not, for example ${some.join('; ')}`)
  }
  return broken
}
