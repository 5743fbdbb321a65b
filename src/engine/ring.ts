import type { RunId, VendorId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Ring } from '../ports.ts'
import type { Written } from './commit.ts'
import { ALL_BANDS, type Engine, shardOf } from './engine.ts'

/** Hints that work is waiting, given only after the commit that made it: an earlier one would find nothing. */

/** These runs have something to read. */
export function ringRuns(engine: Engine, runs: readonly RunId[]): void {
  const shards = [...new Set(runs.map(shardOf))]
  if (shards.length > 0) {
    engine.doorbell.ring(
      shards.flatMap((shard) => ALL_BANDS.map((band) => ({ of: 'runs' as const, shard, band }))),
    )
  }
}

/** These runs were begun: of them it is known where they lie. */
export function ringStarted(
  engine: Engine,
  started: readonly { readonly run: RunId; readonly due: Instant | null; readonly band: number }[],
): void {
  const rings = new Map<string, Ring>()
  for (const { run, due, band } of started)
    if (due !== null) rings.set(`${shardOf(run)}|${band}`, { of: 'runs', shard: shardOf(run), band })
  if (rings.size > 0) engine.doorbell.ring([...rings.values()])
}

/** These runs were changed by hand: they may have something to read, or effects to send. */
export function ringTouched(engine: Engine, runs: readonly RunId[]): void {
  ringRuns(engine, runs)
  const shards = [...new Set(runs.map(shardOf))]
  if (shards.length > 0) {
    engine.doorbell.ring(
      shards.flatMap((shard) => ALL_BANDS.map((band) => ({ of: 'effects' as const, shard, band }))),
    )
  }
}

/** Turns have planned sends, those that are not begun already, and woken other runs. */
export function ringAfter(
  engine: Engine,
  { planned, begun, woken }: Pick<Written, 'planned' | 'begun' | 'woken'>,
): void {
  const rings = new Map<string, Ring>()
  for (const { effect, shard, band } of planned)
    if (!begun.has(effect)) rings.set(`${shard}|${band}`, { of: 'effects', shard, band })
  if (rings.size > 0) engine.doorbell.ring([...rings.values()])
  ringRuns(engine, woken)
}

/** Live views hear of it after the commit; what nobody hears is not lost, the row tells the same. */
export function tell(
  engine: Engine,
  vendor: VendorId,
  run: RunId,
  status: RunStatus,
  due: Instant | null,
): void {
  engine.bus.publish({ vendor, topic: 'run', data: { run, status, due } })
}
