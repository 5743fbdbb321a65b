import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { secretFor } from '../../src/outgoing.ts'
import { openSession } from '../../src/postgres/client.ts'
import { webhookSecret } from '../../src/secrets.ts'
import { masterKeyFromText } from '../../src/vault/master-key.ts'
import { gatherBooks } from './books.ts'
import type { Dice } from './dice.ts'
import { brokenInvariants } from './invariants.ts'
import { type Load, startLoad } from './load.ts'
import { draw } from './nemeses.ts'
import { openOffice } from './office.ts'
import { reconcile, type Verdict } from './reconcile.ts'
import { type Recovery, watchRecovery } from './recovery.ts'
import { raiseTown, type Town } from './town.ts'

/**
 * One storm over the distributed set-up: raise the town, let couples stream in, strike, heal, wait until it has come
 * to rest, and hold our rows against the provider's book.
 */
export type StormReport = {
  readonly seconds: number
  readonly faults: { readonly [name: string]: number }
  readonly runs: number
  readonly effects: number
  /** Steps whose moment was past when they were planned: skipped as the journey asks, and told. */
  readonly leftOut: number
  /** Whether rings went over Redis, and Redis was hurt too. */
  readonly redis: boolean
  readonly accepted: number
  /** Weddings that moved while what hangs on them was still ahead. */
  readonly movesInTime: number
  readonly webhooks: number
  /** Calls that arrived again under the same id: the receiver knew them. */
  readonly webhookRepeats: number
  readonly states: { readonly [state: string]: number }
  readonly acknowledged: number
  readonly requests: Load['counts']
  readonly restarts: { readonly [process: string]: number }
  readonly endedAlone: { readonly [process: string]: number }
  readonly verdict: Verdict
  readonly recovery: Recovery
  readonly restMs: number
  readonly violations: readonly string[]
}

export type StormWish = {
  readonly folder: string
  readonly forMs: number
  readonly dice: Dice
  readonly couplesPerSecond: number
  readonly say: (line: string) => void
}

/** A minute of the inquiry's timeout, and then some. */
const SILENT_NEED_MS = 65_000
const ANSWERED_WITHIN_MS = 30_000
const REST_WITHIN_MS = 150_000
const TOLD_EVERY_MS = 10_000
const READY_WITHIN_MS = 60_000

export async function storm(wish: StormWish): Promise<StormReport> {
  const { say, dice } = wish
  const town = await raiseTown(wish.folder)
  try {
    const key = masterKeyFromText(town.masterKey)
    const office = await openOffice(town.target, key, town.hookUrl)
    town.tellHookSecret(secretFor(webhookSecret(key), office.vendor))
    await town.ready(READY_WITHIN_MS)
    say(`the town stands (${town.redis ? 'with' : 'without'} Redis); the storm begins`)
    const startedAt = performance.now()
    const endsAt = startedAt + wish.forMs
    const load = startLoad(
      office,
      town.wires.apis.map((wire) => wire.port),
      dice.fork('load'),
      { couplesPerSecond: wish.couplesPerSecond, silentUntil: endsAt - SILENT_NEED_MS },
    )
    const watch = watchRecovery(town.target, () => town.workers.flatMap((one) => one.pid() ?? []))
    const telling = setInterval(
      () =>
        say(
          `${Math.round((endsAt - performance.now()) / 1_000)} s left, ${load.couples.size} couples, ${load.acknowledged.size} events acknowledged, ${watch.recovered} steps recovered`,
        ),
      TOLD_EVERY_MS,
    )
    const faults = await strikeUntil(endsAt, town, dice.fork('nemeses'), path.join(wish.folder, 'faults.log'))
    clearInterval(telling)
    say('the storm is over; the town heals')
    town.setMood(null)
    town.setHookMood(null)
    const open = await load.finish(ANSWERED_WITHIN_MS)
    const restStartedAt = performance.now()
    const rested = await comeToRest(town)
    const restMs = Math.round(performance.now() - restStartedAt)
    const recovery = await watch.finish()
    await office.close()
    const report = await judge(town, load, {
      faults,
      recovery,
      restMs,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    })
    const violations = [
      ...(open > 0
        ? [`${open} couples were still without an answer ${ANSWERED_WITHIN_MS / 1_000} s after the storm`]
        : []),
      ...(rested ? [] : [`the town did not come to rest within ${REST_WITHIN_MS / 1_000} s`]),
      ...report.violations,
    ]
    return { ...report, violations }
  } finally {
    await town.stop()
  }
}

/** Strikes every half to five seconds; several faults may lie over each other. */
async function strikeUntil(
  endsAt: number,
  town: Town,
  dice: Dice,
  logFile: string,
): Promise<Record<string, number>> {
  const faults: Record<string, number> = {}
  const going = new Set<Promise<void>>()
  for (;;) {
    await pause(dice.between(500, 5_000))
    if (performance.now() >= endsAt) break
    const nemesis = draw(dice, town.redis !== null)
    faults[nemesis.name] = (faults[nemesis.name] ?? 0) + 1
    appendFileSync(logFile, `${new Date().toISOString()} ${nemesis.name}\n`)
    // A fault that cannot strike (the database it asks is away just now) has struck nobody.
    const one = nemesis
      .strike(town, dice)
      .catch(() => undefined)
      .finally(() => going.delete(one))
    going.add(one)
  }
  await Promise.all(going)
  return faults
}

/** Nothing is due, nobody sends, every letter is read: asked until it is so. */
async function comeToRest({ target }: Town): Promise<boolean> {
  const deadline = performance.now() + REST_WITHIN_MS
  for (;;) {
    try {
      const session = await openSession(target)
      try {
        const [row] = await session.query<{ busy: number }>(`
          select (select count(*) from app.run_inbox)
               + (select count(*) from app.effect where state in ('planned', 'sending', 'retryable') and due_at is not null)
               + (select count(*) from app.run where due_at is not null and strpos(state, '"for":"undo"') = 0)
               + (select count(*) from app.effect where state = 'unknown' and due_at < clock_timestamp() + interval '5 seconds') as busy`)
        if (Number(row?.busy) === 0) return true
      } finally {
        await session.close()
      }
    } catch {
      // The database may still be recovering.
    }
    if (performance.now() > deadline) return false
    await pause(500)
  }
}

type Seen = Pick<StormReport, 'faults' | 'recovery' | 'restMs' | 'seconds'>

async function judge(town: Town, load: Load, seen: Seen): Promise<StormReport> {
  const session = await openSession(town.target)
  try {
    const books = await gatherBooks(session, town, load)
    const verdict = reconcile(books)
    const broken = await brokenInvariants(session)
    const processes = [
      town.postgres.process,
      ...(town.redis ? [town.redis.process] : []),
      town.provider,
      town.hooks,
      ...town.apis,
      ...town.workers,
    ]
    const counts = (of: 'starts' | 'endedAlone') =>
      Object.fromEntries(
        processes.map((one) => [one.name, of === 'starts' ? one.counts.starts - 1 : one.counts.endedAlone]),
      )
    return {
      ...seen,
      runs: books.runs.length,
      effects: books.effects.length,
      leftOut: books.leftOut.length,
      redis: town.redis !== null,
      accepted: books.entries.length,
      movesInTime: books.moves.length,
      webhooks: books.effects.filter((one) => one.kind === 'webhook').length,
      webhookRepeats: books.repeats,
      states: Object.fromEntries(
        [...Map.groupBy(books.effects, (one) => one.state)].map(([state, all]) => [state, all.length]),
      ),
      acknowledged: load.acknowledged.size,
      requests: load.counts,
      restarts: counts('starts'),
      endedAlone: counts('endedAlone'),
      verdict,
      violations: [
        ...violationsOf(verdict),
        ...load.contradictions.map((one) => `contradiction: ${one}`),
        ...broken,
      ],
    }
  } finally {
    await session.close()
  }
}

function violationsOf(verdict: Verdict): string[] {
  const named = (name: string, all: readonly string[]): string[] => all.map((one) => `${name}: ${one}`)
  return [
    ...named('lost', verdict.lost),
    ...named('silent duplicate', verdict.silentDuplicates),
    ...named('hidden unknown', verdict.unknownHidden),
    ...named('unfinished', verdict.unfinished),
    ...named('surprise', verdict.surprises),
  ]
}
