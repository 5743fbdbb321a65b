import type { RunId } from '../core/ids.ts'
import { NotKnownHere } from '../core/journey/graph.ts'
import { type Instant, plusMs } from '../core/time/instant.ts'
import type { AtOnce } from '../engine/at-once.ts'
import type { Engine } from '../engine/engine.ts'
import { type StepReport, step, type Work } from '../engine/step.ts'
import { setAside } from '../engine/trouble.ts'
import { makeLanes } from './lanes.ts'
import { databaseAnswers, makePoisonCount } from './poison.ts'

/**
 * Takes runs through the engine in batches, two at a time. A batch that fails is taken apart, so that one poisoned
 * run cannot hold up the others; it alone is set aside. While the database does not answer nothing is blamed: runs
 * are given back, and outcomes of sends, which exist nowhere else yet, are kept and written as soon as it does.
 */
export type Stepping = {
  /** A run that was claimed. */
  submit(work: Work, band: number): void
  /** What became of a send: written before anything new is begun. */
  settle(work: Work): void
  /** Outcomes and runs that wait for a lane. */
  readonly waiting: number
  readonly quiet: boolean
  readonly busy: boolean
}

export type SteppingHooks = {
  readonly atOnce: AtOnce
  /** The run is done with, for better or worse: it may be claimed again. */
  readonly done: (run: RunId) => void
  readonly soon: (run: RunId, at: Instant) => void
  /** An outcome is written. */
  readonly settled: (work: Work) => void
  readonly moved: (turns: number) => void
}

/** Outcomes go with the urgent ones at least: they end what was begun, and make room. */
const OUTCOME_BAND = 1
const KEEP_FIRST_MS = 100
const KEEP_MAX_MS = 2_000

type Item = { readonly work: Work; readonly band: number; readonly claimed: boolean; readonly tries: number }
type Result = { readonly left: ReadonlySet<RunId>; readonly failed: ReadonlySet<Item> }

export function makeStepping(engine: Engine, hooks: SteppingHooks): Stepping {
  const poison = makePoisonCount()
  let kept = 0

  const lanes = makeLanes<Item>(engine.settings.batchMax, 4, async (batch) => {
    const { left, failed } = await tryStep(batch)
    for (const item of batch) {
      if (!failed.has(item)) {
        if (item.work.settlements) hooks.settled(item.work)
      } else if (item.work.settlements) void keep(item)
      if (left.has(item.work.ref.run) && !failed.has(item))
        lanes.submit({ ...item, work: { ref: item.work.ref } }, item.band)
      else if (item.claimed) hooks.done(item.work.ref.run)
    }
  })

  async function tryStep(batch: readonly Item[]): Promise<Result> {
    try {
      const report = await step(
        engine,
        batch.map((item) => item.work),
        hooks.atOnce,
      )
      note(report)
      for (const item of batch) poison.well(item.work.ref.run)
      return { left: new Set(report.left.map((ref) => ref.run)), failed: new Set() }
    } catch (error) {
      hooks.moved(0)
      return takeApart(batch, error)
    }
  }

  function note(report: StepReport): void {
    hooks.moved(report.turns)
    for (const { run, at } of report.soon) hooks.soon(run, at)
  }

  async function takeApart(batch: readonly Item[], error: unknown): Promise<Result> {
    if (!(await databaseAnswers(engine))) return { left: new Set(), failed: new Set(batch) }
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2)
      const a = await tryStep(batch.slice(0, half))
      const b = await tryStep(batch.slice(half))
      return { left: a.left.union(b.left), failed: a.failed.union(b.failed) }
    }
    const [item] = batch
    const given = { left: new Set<RunId>(), failed: new Set(batch) }
    // Once or twice may have been the moment; after that it is the run. What only a newer release knows is so at once.
    if (!item || !(error instanceof NotKnownHere || poison.tooOften(item.work.ref.run))) return given
    const aside = await setAside(engine, item.work, error)
    return aside ? { left: new Set(), failed: new Set() } : given
  }

  async function keep(item: Item): Promise<void> {
    kept += 1
    const pauseMs = Math.min(KEEP_MAX_MS, KEEP_FIRST_MS * 2 ** item.tries)
    await engine.clock.sleepUntil(plusMs(engine.clock.now(), pauseMs), 'outcome')
    kept -= 1
    lanes.submit({ ...item, claimed: false, tries: item.tries + 1 }, item.band)
  }

  return {
    submit: (work, band) => lanes.submit({ work, band, claimed: true, tries: 0 }, band),
    settle(work) {
      const band = Math.min(OUTCOME_BAND, work.band ?? OUTCOME_BAND)
      lanes.submit({ work, band, claimed: false, tries: 0 }, band)
    },
    get waiting() {
      return lanes.waiting + kept
    },
    get quiet() {
      return lanes.quiet && kept === 0
    },
    get busy() {
      return !lanes.quiet
    },
  }
}
