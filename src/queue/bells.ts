import { BANDS, isUrgent } from '../core/wedding/priority.ts'
import { ALL_BANDS, SHARDS } from '../engine/engine.ts'
import type { Pair } from '../store/claims.ts'

/**
 * One bell for each shard and band: whether somebody must look there now, or at which moment. Looking answers the
 * bell *before* the rows are read, so that a ring during the look is heard afterwards: no wake-up is lost. While
 * rows of a bell are in hand it is not answered again, so that none of them is claimed twice.
 *
 * Pure bookkeeping: it knows no rows, no clock and no database.
 */
export type Bells = {
  /** Look there. `news`: somebody says that there is something new. */
  ring(pair: Pair, news: boolean): void
  /** There will be work at this moment (milliseconds), at the latest. */
  expect(pair: Pair, at: number): void
  /** The bells to be answered now, most urgent band first; within a band everybody takes turns. */
  answer(now: number, max: { readonly urgent: number; readonly open: number }): Bell[]
  /** How many rows of a bell are in hand. */
  hold(pair: Pair, by: number): void
  /** Bells known to have more than could be taken. */
  behind(bands: readonly number[]): Bell[]
  /** The same, and those that have rung and could not even be answered: the backlog as far as we know. */
  waiting(bands: readonly number[]): Bell[]
  /** The next moment at which some bell will ring by itself. */
  next(): number
  /** True when nothing rings and nothing is in hand. */
  readonly quiet: boolean
}

export type Bell = Pair & {
  rung: boolean
  at: number
  held: number
  /** More rows were due than a look could take. */
  more: boolean
  /** Something new was told of that no look has reached yet. */
  news: boolean
  /** Rows of the last look, by id: their due time. What is still due as it was has not moved. */
  seen: ReadonlyMap<string, number>
  /** How many of them had not moved when they were seen again. */
  stuck: number
}

const NOTHING: ReadonlyMap<string, number> = new Map()

export function makeBells(): Bells {
  const bells: Bell[] = ALL_BANDS.flatMap((band) =>
    Array.from({ length: SHARDS }, (_, shard) => ({
      shard,
      band,
      rung: false,
      at: Number.POSITIVE_INFINITY,
      held: 0,
      more: false,
      news: false,
      seen: NOTHING,
      stuck: 0,
    })),
  )
  const bellOf = ({ shard, band }: Pair): Bell => bells[band * SHARDS + shard]!
  let turn = 0

  return {
    ring(pair, news) {
      const bell = bellOf(pair)
      bell.rung = true
      bell.news ||= news
      // Whoever rings knows something new: what had not moved is tried once more.
      bell.seen = NOTHING
      bell.stuck = 0
    },

    expect(pair, at) {
      const bell = bellOf(pair)
      if (at < bell.at) bell.at = at
    },

    answer(now, max) {
      let { urgent, open } = max
      // The least urgent band that has its turn in this look: no less urgent work is looked for beside more urgent of
      // which not all is found, or it would take the places that this waits for.
      let last = BANDS.length
      const chosen: Bell[] = []
      turn = (turn + 1) % SHARDS
      for (let i = 0; i < bells.length; i += 1) {
        // Another shard begins each time, so that those at the end are not the last for ever.
        const bell = bells[i - (i % SHARDS) + ((i + turn) % SHARDS)]!
        if (bell.at <= now) {
          bell.rung = true
          bell.at = Number.POSITIVE_INFINITY
        }
        if (!bell.rung || bell.band > last) continue
        if (bell.held > 0) {
          if (bell.more) last = bell.band
          continue
        }
        const hasRoom = isUrgent(bell.band) ? urgent-- > 0 : open-- > 0
        if (!hasRoom || bell.more) last = bell.band
        if (!hasRoom) continue
        bell.rung = false
        chosen.push(bell)
      }
      return chosen
    },

    hold(pair, by) {
      bellOf(pair).held += by
    },

    behind: (bands) => bells.filter((bell) => bell.more && bands.includes(bell.band)),
    waiting: (bands) => bells.filter((bell) => (bell.more || bell.rung) && bands.includes(bell.band)),

    next() {
      let next = Number.POSITIVE_INFINITY
      for (const bell of bells) if (bell.at < next) next = bell.at
      return next
    },

    get quiet() {
      return bells.every((bell) => !bell.rung && bell.held === 0)
    },
  }
}
