import { NotKnownHere } from '../core/journey/graph.ts'
import { MINUTE_MS, plusMs } from '../core/time/instant.ts'
import { insertDeadLetters } from '../store/dead-letters.ts'
import { postponeEffect, settleEffects } from '../store/effects.ts'
import { hasOpenNotice, insertNotices } from '../store/notices.ts'
import type { EffectRef } from '../store/refs.ts'
import { deliver, postponeRun } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import type { Work } from './step.ts'

/**
 * A run the engine itself cannot move (a bug, a poisoned state, an outage in the middle): set aside for a while and
 * shown. It is tried again; nothing of it is lost, and it does not hold up the others.
 */
const ASIDE_MS = MINUTE_MS

/** Gives false when even that failed: then its outcomes, if it has any, are still in the caller's hands. */
export async function setAside(engine: Engine, work: Work, error: unknown): Promise<boolean> {
  const isStrange = error instanceof NotKnownHere
  if (isStrange)
    engine.log.warn('a run is left to a newer release', { run: work.ref.run, why: error.message })
  else
    engine.log.error('a run could not take its turn and is set aside', {
      run: work.ref.run,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  const now = engine.clock.now()
  try {
    await engine.db.tx('trouble.aside', { vendors: [work.ref.vendor] }, async (sql) => {
      const settlements = work.settlements ?? []
      const counted = await settleEffects(
        sql,
        now,
        settlements.map((one) => one.settled),
      )
      await deliver(
        sql,
        now,
        settlements
          .filter((one) => one.event !== null && counted.has(one.settled.ref.effect))
          .map((one) => ({ ref: work.ref, event: JSON.stringify(one.event) })),
      )
      await insertDeadLetters(
        sql,
        settlements
          .filter((one) => one.deadLetter !== null && counted.has(one.settled.ref.effect))
          .map((one) => ({
            vendor: work.ref.vendor,
            effect: one.settled.ref.effect,
            run: work.ref.run,
            at: now,
            ...one.deadLetter!,
          })),
      )
      // Its outcomes are written down; the rest stays as it is, and is no trouble to tell a vendor of.
      if (isStrange) return
      const first = await postponeRun(sql, work.ref, now, plusMs(now, ASIDE_MS))
      if (!first) return
      await insertNotices(sql, [
        {
          vendor: work.ref.vendor,
          id: engine.rng.uuid7(now),
          run: work.ref.run,
          node: null,
          code: 'engine_error',
          facts: { error: String(error).slice(0, 300) },
          at: now,
        },
      ])
    })
    return true
  } catch (second) {
    engine.log.error('setting it aside failed too; the sweep will find it', {
      run: work.ref.run,
      error: String(second),
    })
    return false
  }
}

/** The same for an effect that cannot even be attempted: its row alone waits, and the message is shown. */
export async function setEffectAside(engine: Engine, ref: EffectRef, error: unknown): Promise<void> {
  engine.log.error('a message could not be attempted and is set aside', {
    effect: ref.effect,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  const now = engine.clock.now()
  try {
    await engine.db.tx('trouble.effect', { vendors: [ref.vendor] }, async (sql) => {
      const run = await postponeEffect(sql, ref, now, plusMs(now, ASIDE_MS))
      if (run === null || (await hasOpenNotice(sql, ref.vendor, run, 'engine_error'))) return
      await insertNotices(sql, [
        {
          vendor: ref.vendor,
          id: engine.rng.uuid7(now),
          run,
          node: null,
          code: 'engine_error',
          facts: { error: String(error).slice(0, 300) },
          at: now,
        },
      ])
    })
  } catch (second) {
    engine.log.error('setting it aside failed too; the sweep will find it', {
      effect: ref.effect,
      error: String(second),
    })
  }
}
