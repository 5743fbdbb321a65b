import type { EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db } from '../ports.ts'
import { once } from './once.ts'
import { column, type EffectRef, type RunRef } from './refs.ts'
import { ts } from './sql.ts'

/**
 * What is due, for pairs of shard and band. A claim takes nothing and locks nothing: it says where to look, and the
 * row decides who works (I4). Ids only, of any vendor.
 */
export type Pair = { readonly shard: number; readonly band: number }

export type ClaimOptions = {
  readonly now: Instant
  /** How far ahead the next moments are told; without it none are. */
  readonly ahead?: Instant
  /** At most so many rows of each pair. */
  readonly per: number
  /** Vendors to pass over, and how many due rows of a pair may be walked to do so. */
  readonly past?: { readonly vendors: readonly VendorId[]; readonly depth: number }
}

export type Due<Ref> = Pair & { readonly ref: Ref; readonly due: Instant }

export type Claim<Ref> = {
  /** Of each pair what has been due longest, in that order. */
  readonly rows: readonly Due<Ref>[]
  /** When the next row of a pair falls due, for pairs where that is soon. */
  readonly next: readonly (Pair & { readonly at: Instant })[]
}

type ClaimRow = { shard: number; band: number; due_at: Instant; vendor_id: VendorId | null }

export async function claimRuns(
  db: Db,
  pairs: readonly Pair[],
  options: ClaimOptions,
): Promise<Claim<RunRef>> {
  const { now, ahead = now, per, past } = options
  const rows = await once(db, 'claim.runs', 'claim')<ClaimRow & { run_id: RunId }>`
    select shard, band, due_at, vendor_id, run_id
      from app.claim_runs(
        ${column(pairs, (one) => one.shard)}::smallint[], ${column(pairs, (one) => one.band)}::smallint[],
        ${ts(now)}::timestamptz, ${ts(ahead)}::timestamptz, ${per}::int, ${past?.vendors ?? []}::uuid[], ${past?.depth ?? per}::int)`
  return split(rows, (row, vendor) => ({ vendor, run: row.run_id }))
}

export async function claimEffects(
  db: Db,
  pairs: readonly Pair[],
  options: ClaimOptions,
): Promise<Claim<EffectRef>> {
  const { now, ahead = now, per, past } = options
  const rows = await once(db, 'claim.effects', 'claim')<ClaimRow & { effect_id: EffectId }>`
    select shard, band, due_at, vendor_id, effect_id
      from app.claim_effects(
        ${column(pairs, (one) => one.shard)}::smallint[], ${column(pairs, (one) => one.band)}::smallint[],
        ${ts(now)}::timestamptz, ${ts(ahead)}::timestamptz, ${per}::int, ${past?.vendors ?? []}::uuid[], ${past?.depth ?? per}::int)`
  return split(rows, (row, vendor) => ({ vendor, effect: row.effect_id }))
}

function split<Row extends ClaimRow, Ref>(
  found: readonly Row[],
  refOf: (row: Row, vendor: VendorId) => Ref,
): Claim<Ref> {
  const rows: Due<Ref>[] = []
  const next: (Pair & { at: Instant })[] = []
  for (const row of found) {
    const { shard, band, due_at: due, vendor_id: vendor } = row
    if (vendor === null) next.push({ shard, band, at: due })
    else rows.push({ shard, band, due, ref: refOf(row, vendor) })
  }
  return { rows, next }
}

/** Due runs of these shards and bands, most urgent first; never more than asked. */
export async function dueRuns(
  db: Db,
  shards: readonly number[],
  bands: readonly number[],
  now: Instant,
  max: number,
): Promise<RunRef[]> {
  return inOrder(await claimRuns(db, crossed(shards, bands), { now, per: max }), max)
}

/** Due effects of these shards and bands, most urgent first; never more than asked. */
export async function dueEffects(
  db: Db,
  shards: readonly number[],
  bands: readonly number[],
  now: Instant,
  max: number,
): Promise<EffectRef[]> {
  return inOrder(await claimEffects(db, crossed(shards, bands), { now, per: max }), max)
}

const crossed = (shards: readonly number[], bands: readonly number[]): Pair[] =>
  bands.flatMap((band) => shards.map((shard) => ({ shard, band })))

const inOrder = <Ref>(claim: Claim<Ref>, max: number): Ref[] =>
  [...claim.rows]
    .sort((a, b) => a.band - b.band || a.due - b.due)
    .slice(0, max)
    .map((row) => row.ref)

/** How many rows are due before a moment in these bands, counted no further than `atMost`. */
export async function countDueBefore(
  db: Db,
  of: 'runs' | 'effects',
  bands: readonly number[],
  moment: Instant,
  atMost: number,
): Promise<number> {
  const [row] = await once(db, 'dispatch.ahead', 'claim')<{ ahead: number }>`
    select app.due_before(${of}, ${bands}::smallint[], ${ts(moment)}::timestamptz, ${atMost}::int) as ahead`
  return row?.ahead ?? 0
}

/** Where one piece of work stands: its band and the moment it falls due; null when nothing of it is due or planned. */
export async function placeOf(
  db: Db,
  ref: RunRef | EffectRef,
): Promise<{ band: number; due: Instant } | null> {
  const scope = { vendors: [ref.vendor] }
  const rows =
    'run' in ref
      ? await once(db, 'dispatch.run', scope)<{ band: number; due_at: Instant | null }>`
          select band, due_at from app.run where vendor_id = ${ref.vendor} and run_id = ${ref.run}`
      : await once(db, 'dispatch.effect', scope)<{ band: number; due_at: Instant | null }>`
          select band, due_at from app.effect
           where vendor_id = ${ref.vendor} and effect_id = ${ref.effect} and state in ('planned', 'retryable')`
  const [row] = rows
  return row && row.due_at !== null ? { band: row.band, due: row.due_at } : null
}
