import type { RunId, VendorId } from '../core/ids.ts'
import type { Outcome, RunEvent } from '../core/run/event.ts'
import type { RunState } from '../core/run/run.ts'
import { type Instant, isoOf, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { dueEffects, dueRuns } from '../store/claims.ts'
import { allVendors } from '../store/journeys.ts'
import { insertNotices, type NewNotice } from '../store/notices.ts'
import type { EffectRef, RunRef } from '../store/refs.ts'
import { deliver } from '../store/runs.ts'
import {
  openNotices,
  type SettledEffect,
  type StillRun,
  settledOf,
  settleNotices,
  silentWorkers,
  stillRuns,
  wakeForgotten,
  wakeUnread,
} from '../store/stuck.ts'
import { goOnWithLeft } from './bulk.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine, shardOf } from './engine.ts'
import { goOnErasing } from './erase-sample.ts'
import { holdNewcomers } from './hold-everything.ts'
import { isKnownKind } from './jobs.ts'
import { ringRuns } from './ring.ts'
import { sealRecords } from './seal-audit.ts'
import { settleOrphans } from './unknown.ts'
import { renewZoneDataSoon } from './zone-data.ts'

/**
 * The watchman: health means progress made, not a process that is up (I12). He looks for what stands still and
 * should not, mends what can be mended without deciding anything, and tells the rest to the vendor it belongs to,
 * once. Everything he does is safe to do twice and beside a living worker.
 */
const UNCLAIMED_MS = 2 * MINUTE_MS
const LEASES_SILENT = 2
const FOUND_MAX = 500
const VENDORS_AT_ONCE = 200

export type Findings = {
  /** Due for more than two minutes and taken by nobody. */
  readonly lateRuns: readonly RunRef[]
  readonly lateEffects: readonly EffectRef[]
  /** Active runs that nothing will move. */
  readonly still: readonly StillRun[]
  readonly silentWorkers: readonly {
    readonly pid: number
    readonly host: string
    readonly silentMs: number
  }[]
}
export type Watched = Findings & {
  readonly healed: {
    readonly orphans: number
    readonly unread: number
    readonly forgotten: number
    readonly told: number
  }
  readonly raised: number
  readonly settled: number
}

/** Only looks: for `doctor`, and for whoever wants to know. */
export async function look(engine: Engine): Promise<Findings> {
  const now = engine.clock.now()
  const before = plusMs(now, -UNCLAIMED_MS)
  const [lateRuns, lateEffects, silent, vendors] = await Promise.all([
    dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, before, FOUND_MAX),
    dueEffects(engine.db, ALL_SHARDS, ALL_BANDS, before, FOUND_MAX),
    silentWorkers(engine.db, now, plusMs(now, -LEASES_SILENT * engine.settings.leaseMs)),
    vendorPages(engine),
  ])
  const still: StillRun[] = []
  for (const page of vendors)
    still.push(
      ...(await engine.db.tx('watch.still', { vendors: page }, (sql) => stillRuns(sql, page, FOUND_MAX))),
    )
  return {
    lateRuns,
    lateEffects,
    still,
    // One that has nothing to do is silent too: only with work waiting is silence a sign.
    silentWorkers:
      lateRuns.length + lateEffects.length === 0
        ? []
        : silent.map(({ pid, host, progress_at }) => ({ pid, host, silentMs: now - progress_at })),
  }
}

/** A round: looks, mends, tells. The worker calls it each minute. */
export async function watch(engine: Engine): Promise<Watched> {
  const orphans = await settleOrphans(engine)
  let [unread, forgotten, told, raised, settled] = [0, 0, 0, 0, 0]
  const findings = await look(engine)
  for (const page of await vendorPages(engine)) {
    const round = await engine.db.tx('watch.mend', { vendors: page }, (sql) =>
      mend(engine, sql, page, findings),
    )
    unread += round.unread.length
    forgotten += round.forgotten.length
    told += round.told.length
    raised += round.raised
    settled += round.settled
    ringRuns(
      engine,
      [...round.unread, ...round.told].map((ref) => ref.run),
    )
    ringEffects(engine, round.forgotten)
    await goOnWithLeft(engine, page)
    await sealRecords(engine, page)
    await holdNewcomers(engine, page)
  }
  await goOnErasing(engine)
  renewZoneDataSoon(engine)
  // A ring that was lost is rung again: the sweep finds these rows anyhow, if there is one.
  ringRuns(
    engine,
    findings.lateRuns.map((ref) => ref.run),
  )
  if (unread + forgotten + told + raised > 0)
    engine.log.warn('what stood still was found', {
      unread,
      forgotten,
      told,
      raised,
      late: findings.lateRuns.length + findings.lateEffects.length,
    })
  return { ...findings, healed: { orphans, unread, forgotten, told }, raised, settled }
}

async function vendorPages(engine: Engine): Promise<VendorId[][]> {
  const vendors = (await allVendors(engine.db)).map((row) => row.vendor_id)
  return Array.from({ length: Math.ceil(vendors.length / VENDORS_AT_ONCE) }, (_, page) =>
    vendors.slice(page * VENDORS_AT_ONCE, (page + 1) * VENDORS_AT_ONCE),
  )
}

function ringEffects(engine: Engine, refs: readonly RunRef[]): void {
  const shards = [...new Set(refs.map((ref) => shardOf(ref.run)))]
  if (shards.length > 0)
    engine.doorbell.ring(
      shards.flatMap((shard) => ALL_BANDS.map((band) => ({ of: 'effects' as const, shard, band }))),
    )
}

type Round = { unread: RunRef[]; forgotten: RunRef[]; told: RunRef[]; raised: number; settled: number }

async function mend(engine: Engine, sql: Sql, page: readonly VendorId[], findings: Findings): Promise<Round> {
  const now = engine.clock.now()
  const unread = await wakeUnread(sql, page, now)
  const forgotten = await wakeForgotten(sql, page, now)
  // Looked at again: between looking and now somebody may have moved them.
  const still = await stillRuns(sql, page, FOUND_MAX)
  const letters = lettersFor(
    engine,
    now,
    still,
    await settledOf(
      sql,
      still.map((run) => ({ vendor: run.vendor_id, run: run.run_id })),
    ),
  )
  await deliver(sql, now, letters)
  const told = letters.map((letter) => letter.ref)
  const helpless = still.filter((run) => !told.some((ref) => ref.run === run.run_id))
  const { raised, settled } = await tell(engine, sql, page, now, helpless, findings)
  return { unread, forgotten, told, raised, settled }
}

/** The outcome a run was never told, from the row of the message it waits for. */
function lettersFor(
  engine: Engine,
  now: Instant,
  still: readonly StillRun[],
  settled: readonly SettledEffect[],
): { ref: RunRef; event: string }[] {
  return still.flatMap((run) => {
    const { tokens } = JSON.parse(run.state) as RunState
    const awaited = new Set(
      tokens.flatMap((token) =>
        token.is === 'acting' ? token.effects.filter((name) => token.results?.[name] === undefined) : [],
      ),
    )
    return (
      settled
        .filter(({ run_id, name }) => run_id === run.run_id && awaited.has(name))
        // The ways on from a message are told by who knows them.
        .filter(({ kind }) => isKnownKind(engine, kind))
        .map((effect) => {
          const event: RunEvent = {
            is: 'settled',
            at: now,
            effect: effect.name,
            outcome: outcomeOf(engine, effect),
          }
          return { ref: { vendor: run.vendor_id, run: run.run_id }, event: JSON.stringify(event) }
        })
    )
  })
}

function outcomeOf(engine: Engine, { kind, state, cause }: SettledEffect): Outcome {
  switch (state) {
    case 'accepted':
    case 'delivered':
      return { is: 'done', exit: engine.registry.modules.get(kind)?.exits[0] ?? 'next' }
    case 'unresolved':
      return { is: 'unresolved', cause: cause ?? 'unknown' }
    case 'suppressed':
      return { is: 'suppressed', cause: cause ?? 'suppressed' }
    case 'cancelled':
      return { is: 'stale' }
    default:
      return { is: 'failed', cause: cause ?? state, permanent: state === 'rejected' }
  }
}

const CODES = { still: 'nothing_moves', late: 'due_and_unclaimed' } as const

/** One notice for each run that stands still, one for each vendor with late work; settled when it is over. */
async function tell(
  engine: Engine,
  sql: Sql,
  page: readonly VendorId[],
  now: Instant,
  helpless: readonly StillRun[],
  findings: Findings,
): Promise<{ raised: number; settled: number }> {
  const wanted = new Map<string, NewNotice>()
  const notice = (vendor: VendorId, run: RunId | null, code: string, facts: NewNotice['facts']): void =>
    void wanted.set(`${vendor}|${run ?? ''}|${code}`, {
      vendor,
      id: engine.rng.uuid7(now),
      run,
      node: null,
      code,
      facts,
      at: now,
    })
  for (const run of helpless)
    notice(run.vendor_id, run.run_id, CODES.still, { fix: 'restart', since: isoOf(now) })
  for (const vendor of page) {
    const runs = findings.lateRuns.filter((ref) => ref.vendor === vendor).length
    const effects = findings.lateEffects.filter((ref) => ref.vendor === vendor).length
    if (runs + effects > 0) notice(vendor, null, CODES.late, { runs, effects, forMs: UNCLAIMED_MS })
  }
  const open = await openNotices(sql, page, Object.values(CODES))
  const keyOf = (row: (typeof open)[number]): string => `${row.vendor_id}|${row.run_id ?? ''}|${row.code}`
  const over = open.filter((row) => !wanted.has(keyOf(row)))
  await settleNotices(
    sql,
    page,
    over.map((row) => row.notice_id),
    now,
  )
  const known = new Set(open.map(keyOf))
  const fresh = [...wanted].filter(([key]) => !known.has(key)).map(([, one]) => one)
  await insertNotices(sql, fresh)
  return { raised: fresh.length, settled: over.length }
}
