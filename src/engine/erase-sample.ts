import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { isSample } from '../core/sample.ts'
import type { Sql } from '../ports.ts'
import { beginErasure, closeSample, type Erasure, eraseSome, erasuresLeft } from '../store/erasure.ts'
import { sqlState } from '../store/sql.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'

/**
 * A sample studio goes as it came: closed in one transaction, then removed in parts, each of which tells how far it
 * is. Who is cut off is gone on with by the watchman; a part done twice finds nothing.
 */
const ROWS_AT_ONCE = 1_000
const ROUNDS_MAX = 10
const LEFT_AT_ONCE = 20
const STILL_REFERRED_TO = '23503'

export async function closeForErasure(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  askedBy: string,
): Promise<Pick<Erasure, 'erasure_id' | 'was'>> {
  if (!isSample(vendor)) throw new Refusal('conflict', 'Only a sample studio is removed like this.')
  const at = engine.clock.now()
  const id = engine.rng.uuid7(at)
  await closeSample(sql, vendor, at)
  await beginErasure(sql, { id, was: vendor, askedBy, at })
  return { erasure_id: id, was: vendor }
}

/** What somebody else wrote meanwhile is in a table that was empty already: then once more from the front. */
export async function erase(engine: Engine, one: Pick<Erasure, 'erasure_id' | 'was'>): Promise<void> {
  let step: number | null = 1
  for (let round = 0; step !== null; ) {
    try {
      step = await part(engine, one, step)
    } catch (error) {
      if (sqlState(error) !== STILL_REFERRED_TO || round >= ROUNDS_MAX) throw error
      round += 1
      step = 1
    }
  }
}

const part = (engine: Engine, one: Pick<Erasure, 'erasure_id' | 'was'>, step: number) =>
  retrying(engine, () =>
    engine.db.tx('erase.part', 'platform', (sql) =>
      eraseSome(sql, one, { step, most: ROWS_AT_ONCE, at: engine.clock.now() }),
    ),
  )

const underWay = new Set<string>()

/** Begins, and answers nobody: its row tells how far it is. */
export function eraseSoon(engine: Engine, one: Pick<Erasure, 'erasure_id' | 'was'>): void {
  if (underWay.has(one.erasure_id)) return
  underWay.add(one.erasure_id)
  erase(engine, one)
    .catch((error: unknown) => engine.log.warn('a sample studio is not gone yet', { error: String(error) }))
    .finally(() => underWay.delete(one.erasure_id))
}

export const erasuresUnderWay = (engine: Engine): Promise<Erasure[]> =>
  engine.db.read('erase.left', 'platform', (sql) => erasuresLeft(sql, LEFT_AT_ONCE))

export async function goOnErasing(engine: Engine): Promise<void> {
  for (const one of await erasuresUnderWay(engine)) eraseSoon(engine, one)
}
