import type { EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import { insertAudit } from '../store/changes.ts'
import { requeueDeadLetters } from '../store/dead-letters.ts'
import { ALL_BANDS, type Engine, shardOf } from './engine.ts'
import { retrying } from './retrying.ts'

/** Sends dead letters once more under their old key: one, a kind, a cause, or all. Recorded, with a name to it. */
export type Which = { readonly effect?: EffectId; readonly kind?: string; readonly cause?: string }

export async function requeue(
  engine: Engine,
  vendor: VendorId,
  which: Which,
  by: string,
): Promise<Requeued[]> {
  const rows = await retrying(engine, () =>
    engine.db.tx('dead_letter.requeue', { vendors: [vendor] }, (sql) =>
      requeueIn(engine, sql, vendor, which, by),
    ),
  )
  ringRequeued(engine, rows)
  return rows
}

export type Requeued = { effect_id: EffectId; run_id: RunId }

export async function requeueIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  which: Which,
  by: string,
): Promise<Requeued[]> {
  const now = engine.clock.now()
  const chosen = await requeueDeadLetters(sql, now, vendor, which, by)
  await insertAudit(
    sql,
    chosen.map((row) => ({
      vendor,
      id: engine.rng.uuid7(now),
      at: now,
      actor: by,
      action: 'dead_letter.requeued',
      subject: row.effect_id,
      detail: {},
    })),
  )
  return chosen
}

export function ringRequeued(engine: Engine, rows: readonly Requeued[]): void {
  const shards = [...new Set(rows.map((row) => shardOf(row.run_id)))]
  if (shards.length > 0)
    engine.doorbell.ring(
      shards.flatMap((shard) => ALL_BANDS.map((band) => ({ of: 'effects' as const, shard, band }))),
    )
}
