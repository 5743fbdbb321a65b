import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { DecisionCode } from '../core/run/decision.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** What the log says of a journey's steps within a range of time. A run counts once for each step. */
export type Became = 'done' | 'skipped' | 'failed'
const SKIPPED: readonly DecisionCode[] = [
  'late_skipped',
  'quiet_skipped',
  'cap_skipped',
  'skipped_by_person',
  'approval_skipped',
]
const FAILED: readonly DecisionCode[] = ['failed_step', 'stuck']
const CODES: { readonly [became in Became]: readonly DecisionCode[] } = {
  done: ['left_by', 'ended'],
  skipped: SKIPPED,
  failed: FAILED,
}

export type FlowLine = { node: string; code: DecisionCode; exit: string | null; runs: number }

/** Read by the vendor's index of the log; what was left out or failed is left by an exit as well. */
export async function flowOf(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  from: Instant,
  to: Instant,
): Promise<FlowLine[]> {
  return sql<FlowLine>`
    select d.one ->> 'node' as node, d.one ->> 'code' as code, d.one -> 'values' ->> 'exit' as exit,
           count(distinct l.run_id)::int as runs
      from app.run_log l
      join app.run r on r.vendor_id = l.vendor_id and r.run_id = l.run_id
      cross join lateral jsonb_array_elements(l.because::jsonb) as d(one)
     where l.vendor_id = ${vendor} and l.at >= ${ts(from)}::timestamptz and l.at < ${ts(to)}::timestamptz
       and r.journey_id = ${journey}
       and d.one ->> 'code' = any (${[...CODES.done, ...SKIPPED, ...FAILED]}::text[]) and d.one ->> 'node' is not null
     group by 1, 2, 3`
}

export type FlowCouple = { run_id: RunId; client_id: ClientId; at: Instant }

export async function couplesOfFlow(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  node: string,
  is: Became,
  range: { readonly from: Instant; readonly to: Instant },
  max: number,
): Promise<FlowCouple[]> {
  const besides = is === 'done' ? [...SKIPPED, ...FAILED] : []
  return sql<FlowCouple>`
    select l.run_id, r.client_id, max(l.at) as at
      from app.run_log l
      join app.run r on r.vendor_id = l.vendor_id and r.run_id = l.run_id
      cross join lateral jsonb_array_elements(l.because::jsonb) as d(one)
     where l.vendor_id = ${vendor} and l.at >= ${ts(range.from)}::timestamptz and l.at < ${ts(range.to)}::timestamptz
       and r.journey_id = ${journey} and d.one ->> 'node' = ${node}
       and d.one ->> 'code' = any (${[...CODES[is], ...besides]}::text[])
     group by l.run_id, r.client_id
    having count(*) filter (where d.one ->> 'code' = any (${besides}::text[])) = 0
     order by at desc, l.run_id limit ${max}::int`
}

const has = (codes: readonly DecisionCode[], line: FlowLine): boolean => codes.includes(line.code)
export const isSkipped = (line: FlowLine): boolean => has(SKIPPED, line)
export const isFailed = (line: FlowLine): boolean => has(FAILED, line)
