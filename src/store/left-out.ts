import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { DecisionCode } from '../core/run/decision.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** By which decisions a message is never begun. What was written down and did not go is a message of its own. */
const LEFT_OUT: readonly DecisionCode[] = [
  'late_skipped',
  'late_merged',
  'quiet_skipped',
  'cap_skipped',
  'cap_merged',
  'no_recipient',
  'no_address',
  'no_consent',
  'approval_skipped',
  'approval_timed_out',
  'skipped_by_person',
]
const NAMES_ONE = `"(${LEFT_OUT.join('|')})"`

export type LeftOutLine = {
  run_id: RunId
  client_id: ClientId
  journey_id: JourneyId
  version: number
  journey_name: string
  wedding_zone: string | null
  rev: number
  /** Which of the turn's decisions it is. */
  place: number
  at: Instant
  decision: string
}
export type LeftOutFilter = {
  readonly clients: readonly string[] | null
  readonly journey: string | null
}
export type BeforeLeftOut = Pick<LeftOutLine, 'at' | 'run_id' | 'rev' | 'place'>

/** The newest first, read by the vendor's index of the log; most lines of it are passed over by their text alone. */
export async function pageOfLeftOut(
  sql: Sql,
  vendor: VendorId,
  filter: LeftOutFilter,
  since: Instant,
  before: BeforeLeftOut | null,
  max: number,
): Promise<LeftOutLine[]> {
  return sql<LeftOutLine>`
    select l.run_id, r.client_id, r.journey_id, r.version, j.name as journey_name, w.zone as wedding_zone,
           l.rev, d.place::int as place, l.at, d.one::text as decision
      from app.run_log l
      join app.run r on r.vendor_id = l.vendor_id and r.run_id = l.run_id
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
      cross join lateral jsonb_array_elements(l.because::jsonb) with ordinality as d(one, place)
     where l.vendor_id = ${vendor} and l.at >= ${ts(since)}::timestamptz
       and l.at <= coalesce(${ts(before?.at ?? null)}::timestamptz, 'infinity')
       and l.because ~ ${NAMES_ONE}::text
       and (${filter.clients}::uuid[] is null or r.client_id = any (${filter.clients}::uuid[]))
       and (${filter.journey}::uuid is null or r.journey_id = ${filter.journey}::uuid)
       and d.one ->> 'code' = any (${LEFT_OUT}::text[]) and d.one ->> 'node' is not null
       and (${before?.run_id ?? null}::uuid is null
            or (l.at, l.run_id, l.rev, d.place) < (${ts(before?.at ?? null)}::timestamptz, ${before?.run_id ?? null}::uuid, ${before?.rev ?? null}::int, ${before?.place ?? null}::bigint))
     order by l.at desc, l.run_id desc, l.rev desc, d.place desc limit ${max}::int`
}
