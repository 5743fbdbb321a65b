import type { ClientId, EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'

export type DeadLetterRow = {
  effect_id: EffectId
  run_id: RunId
  client_id: ClientId
  kind: string
  cause: string
  detail: string | null
  at: Instant
  node: string
  recipient: string
  attempts: { attempt: number; result: string | null; detail: string | null }[]
}

/** Open dead letters with all their attempts: one, a kind, a cause, or all. */
export async function readDeadLetters(
  sql: Sql,
  vendor: VendorId,
  which: { effect?: string; kind?: string; cause?: string; client?: string },
  max: number,
): Promise<DeadLetterRow[]> {
  return sql<DeadLetterRow>`
    select d.effect_id, d.run_id, e.client_id, d.kind, d.cause, d.detail, d.at, e.node, e.recipient,
           coalesce((select jsonb_agg(jsonb_build_object('attempt', a.attempt, 'result', a.result, 'detail', a.detail) order by a.attempt)
                       from app.effect_attempt a where a.vendor_id = d.vendor_id and a.effect_id = d.effect_id), '[]') as attempts
      from app.dead_letter d join app.effect e on e.vendor_id = d.vendor_id and e.effect_id = d.effect_id
     where d.vendor_id = ${vendor} and d.requeued_at is null
       and (${which.effect ?? null}::uuid is null or d.effect_id = ${which.effect ?? null}::uuid)
       and (${which.kind ?? null}::text is null or d.kind = ${which.kind ?? null})
       and (${which.cause ?? null}::text is null or d.cause = ${which.cause ?? null})
       and (${which.client ?? null}::uuid is null or e.client_id = ${which.client ?? null}::uuid)
     order by d.at desc, d.effect_id limit ${max}::int`
}
