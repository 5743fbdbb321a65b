import { ALL_SHARDS } from '../engine/engine.ts'
import type { WorkerRow } from '../store/workers.ts'

/**
 * Which shards a worker watches: every living worker counts the same rows and comes to the same answer, without a
 * table, a lock or a hand-over. While two disagree for a moment both look, which costs time and nothing else (I4);
 * when one dies, its shards are the others' as soon as its lease has lapsed.
 */
export function shardsOf(worker: string, alive: readonly Pick<WorkerRow, 'worker_id'>[]): readonly number[] {
  const place = alive.findIndex((one) => one.worker_id === worker)
  return place < 0 ? [] : ALL_SHARDS.filter((shard) => shard % alive.length === place)
}
