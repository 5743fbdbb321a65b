import type { EffectId, RunId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Calls } from '../engine/at-once.ts'
import type { Engine } from '../engine/engine.ts'
import { execute } from '../engine/execute.ts'
import type { Work } from '../engine/step.ts'
import { setEffectAside } from '../engine/trouble.ts'
import type { EffectRef } from '../store/refs.ts'
import { makeLanes } from './lanes.ts'
import { databaseAnswers, makePoisonCount } from './poison.ts'

/**
 * Takes effects through the engine: loaded, rendered and leased in batches, two at a time; then the calls go on by
 * themselves and the lane takes the next batch. A thousand slow providers hold seats, never a lane.
 */
export type Sending = {
  submit(ref: EffectRef, band: number): void
  /** Calls whose intents were committed with their plan. */
  begin(effects: readonly EffectId[], calls: Calls): void
  /** Batches that are not leased yet. */
  readonly busy: boolean
  readonly quiet: boolean
}

export type SendingHooks = {
  /** The row is no longer due, or was given back: others of its shard may be claimed. */
  readonly leased: (effect: string) => void
  /** The call has ended, or there was none. */
  readonly left: (effect: string) => void
  readonly settle: (work: Work) => void
  /** A message of this run is due again at that moment: there was no room for it. */
  readonly putOff: (run: RunId, until: Instant) => void
  /** False when this worker's lease has lapsed: then no call may begin. */
  readonly mayBegin: () => boolean
  readonly moved: () => void
  readonly sent: () => void
}

type Item = { readonly ref: EffectRef }

export function makeSending(engine: Engine, hooks: SendingHooks): Sending {
  const poison = makePoisonCount()
  let underWay = 0

  const lanes = makeLanes<Item>(
    engine.settings.batchMax,
    4,
    (batch) => new Promise((resolve) => void send(batch, resolve)),
  )

  /** `leased` frees the lane; the calls may go on long after. */
  async function send(batch: readonly Item[], leased: () => void): Promise<void> {
    underWay += 1
    let begun = false
    const open = new Set(batch.map((item) => item.ref.effect as string))
    const leave = (effect: string): void => {
      if (open.delete(effect)) hooks.left(effect)
    }
    try {
      await execute(
        engine,
        batch.map((item) => item.ref),
        (work) => ended(work, leave),
        {
          mayBegin: hooks.mayBegin,
          putOff(effect, run, until) {
            // Given back before its moment is told: looked at while in hand it would be taken for stuck.
            leave(effect)
            hooks.putOff(run, until)
          },
          leased() {
            begun = true
            hooks.moved()
            for (const item of batch) {
              hooks.leased(item.ref.effect)
              poison.well(item.ref.effect)
            }
            leased()
          },
        },
      )
    } catch (error) {
      const rest = batch.filter((item) => open.has(item.ref.effect))
      if (begun)
        engine.log.error('a batch of calls ended in an error; the sweep finds what is left', {
          error: String(error),
        })
      else {
        for (const part of await takenApart(rest, error)) {
          // Its halves answer for themselves.
          for (const item of part) open.delete(item.ref.effect)
          await new Promise<void>((resolve) => void send(part, resolve))
        }
      }
    } finally {
      underWay -= 1
      for (const effect of [...open]) leave(effect)
      hooks.moved()
      leased()
    }
  }

  async function begin(effects: readonly EffectId[], calls: Calls): Promise<void> {
    underWay += 1
    const open = new Set<string>(effects)
    const leave = (effect: string): void => {
      if (open.delete(effect)) hooks.left(effect)
    }
    try {
      await calls((work) => ended(work, leave), { mayBegin: hooks.mayBegin })
    } catch (error) {
      engine.log.error('calls begun at once ended in an error; the sweep finds what is left', {
        error: String(error),
      })
    } finally {
      underWay -= 1
      for (const effect of [...open]) leave(effect)
      hooks.moved()
    }
  }

  function ended(work: Work, leave: (effect: string) => void): void {
    for (const { settled } of work.settlements ?? []) leave(settled.ref.effect)
    hooks.settle(work)
    hooks.sent()
  }

  /** As with runs: an outage blames nobody; a poisoned effect is found by halves and set aside alone. */
  async function takenApart(rest: readonly Item[], error: unknown): Promise<(readonly Item[])[]> {
    const [first] = rest
    if (first === undefined || !(await databaseAnswers(engine))) return []
    if (rest.length > 1) {
      const half = Math.ceil(rest.length / 2)
      return [rest.slice(0, half), rest.slice(half)]
    }
    if (poison.tooOften(first.ref.effect)) await setEffectAside(engine, first.ref, error)
    return []
  }

  return {
    submit: (ref, band) => lanes.submit({ ref }, band),
    begin: (effects, calls) => void begin(effects, calls),
    get busy() {
      return !lanes.quiet
    },
    get quiet() {
      return lanes.quiet && underWay === 0
    },
  }
}
