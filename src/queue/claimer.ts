import type { VendorId } from '../core/ids.ts'
import { type Instant, MINUTE_MS, plusMs, SECOND_MS } from '../core/time/instant.ts'
import { AGEING_STEP_MINUTES, agedBand, BANDS, isUrgent } from '../core/wedding/priority.ts'
import { ALL_BANDS, ALL_SHARDS } from '../engine/engine.ts'
import type { Clock, Log } from '../ports.ts'
import type { Claim, ClaimOptions, Due, Pair } from '../store/claims.ts'
import { type Bell, makeBells } from './bells.ts'
import { makeSeats } from './seats.ts'

/**
 * Finds what is due, of one kind (runs or effects), and hands it on: one question at a time to the database, about
 * the bells that have rung and for as many rows as there are seats. The same answer says which of these bells will
 * soon ring by themselves, so that a timer starts on its moment and nobody looks ahead in vain.
 *
 * Beside this ordinary look there are three rarer ones: past the vendors that have most in hand (fairness), at
 * what has waited so long that it counts as more urgent (ageing), and at other workers' shards for what is overdue
 * (stealing). A row found twice costs time and nothing else (I4).
 */
export type Claimer<Ref> = {
  ring(pair: Pair): void
  expect(pair: Pair, at: Instant): void
  /** Looks at everything of these shards, whatever was heard or not, and at what has aged. */
  sweep(shards: readonly number[]): void
  /**
   * A seat for a row that is about to be written and will not be looked for; false when there is none, or when rows
   * of this band or a more urgent one stand in line for it. It is kept until `leave`.
   */
  seat(ref: Ref, pair: Pair): boolean
  /** Looks for rows of others that are overdue, when there is nothing of our own to do. */
  steal(): void
  /** The row may be looked for again: it moved, or it is given back. Its seat is kept until `leave`. */
  release(id: string): void
  leave(id: string): void
  /** Answers what has rung, if there is room. Cheap when there is nothing to do. */
  pump(): void
  /** Whether new work of this band would be taken at once. */
  hasRoom(band: number): boolean
  /** When to pump again at the latest, in milliseconds. */
  next(): number
  stop(): Promise<void>
  readonly held: number
  readonly seats: number
  readonly quiet: boolean
  /** Resolves when no question is under way. */
  asked(): Promise<void>
}

/** What was taken: `band` is the one it counts as in the lanes, which age or fairness may have raised. */
export type Taken<Ref> = {
  readonly id: string
  readonly ref: Ref
  readonly band: number
  readonly due: Instant
}

export type ClaimerOptions<Ref extends { readonly vendor: VendorId }> = {
  readonly clock: Clock
  readonly log: Log
  readonly name: string
  readonly seatsMax: number
  readonly batchMax: number
  readonly ask: (pairs: readonly Pair[], options: ClaimOptions) => Promise<Claim<Ref>>
  readonly idOf: (ref: Ref) => string
  readonly take: (taken: Taken<Ref>) => void
  /** False when what waits behind the seats (outcomes to be written) is too much already. */
  readonly mayClaim: () => boolean
  /** A look has ended, answered or not; the next moment to pump may have come nearer. */
  readonly looked: (answered: boolean) => void
}

/** Above this the clock may not be trusted with due times (ports Clock). */
export const UNCERTAINTY_MAX_MS = 250
/** What falls due later than this need not be known: the sweep looks at every bell long before. */
export const AHEAD_MS = 10 * SECOND_MS
/** After a question that failed. */
const RETRY_MS = 250
/** With fewer free seats than this, taking single rows would cost more than waiting for the next ones. */
const ROOM_MIN = 16
/** How often somebody looks past the heavy vendors while there is a backlog, and how many bells and rows deep. */
export const PAST_EVERY_MS = 250
const PAST_BELLS = 32
const PAST_DEPTH = 4_096
const PAST_PER = 16
const AGED_PER = 16
/** In the lanes before all that is not critical. */
const FRONT_BAND = 1
export const STEAL_AFTER_MS = 5 * SECOND_MS
const STEAL_PER = 8
/** Rows that do not move are skipped when the bell is answered again; more of them than this are not skipped. */
const SKIP_MAX = 2_000

type Held = { readonly pair: Pair; readonly vendor: VendorId; readonly band: number; released: boolean }

export function makeClaimer<Ref extends { readonly vendor: VendorId }>(
  options: ClaimerOptions<Ref>,
): Claimer<Ref> {
  const { clock, log, ask, idOf } = options
  const bells = makeBells()
  const seats = makeSeats(options.seatsMax)
  const inHand = new Map<string, Held>()
  const asides = new Map<string, () => Promise<void>>()
  const roomMin = Math.min(ROOM_MIN, Math.ceil(seats.max / ROOM_MIN))
  let mine: ReadonlySet<number> = new Set()
  let asking: Promise<void> | null = null
  let stopped = false
  let failing = false
  let lookedPastAt: Instant = plusMs(clock.now(), -PAST_EVERY_MS)
  let pastTurn = 0

  function pump(): void {
    if (stopped || asking !== null || !options.mayClaim() || clock.uncertaintyMs() > UNCERTAINTY_MAX_MS)
      return
    const now = clock.now()
    const work = nextAside() ?? lookPast(now) ?? lookOrdinarily(now)
    if (work === null) return
    begin(work)
  }

  function begin(work: Promise<void>): void {
    asking = work.finally(() => {
      asking = null
      options.looked(!failing)
      pump()
    })
  }

  function lookOrdinarily(now: Instant): Promise<void> | null {
    const room = seats.room()
    const open = room.open >= roomMin ? room.open : 0
    const chosen = bells.answer(now, { urgent: room.urgent, open })
    if (chosen.length === 0) return null
    const rows = chosen.some((bell) => isUrgent(bell.band)) ? room.urgent : open
    const per = Math.min(options.batchMax, Math.max(1, Math.floor(rows / chosen.length)))
    return answer(chosen, now, per)
  }

  async function answer(chosen: readonly Bell[], now: Instant, per: number): Promise<void> {
    const asked = per + Math.min(SKIP_MAX, Math.max(...chosen.map((bell) => bell.stuck)))
    const claim = await tryTo(() => ask(chosen, { now, ahead: plusMs(now, AHEAD_MS), per: asked }))
    if (claim === null) {
      // Not rung, but expected: the next try is the clock's business, and nobody spins.
      for (const bell of chosen) bells.expect(bell, plusMs(now, RETRY_MS))
      return
    }
    const rows = byBell(claim.rows)
    for (const bell of chosen) noteAnswer(bell, rows.get(keyOf(bell)) ?? [], asked)
    // Of a stranger's shard its owner keeps the time.
    for (const next of claim.next) if (mine.has(next.shard)) bells.expect(next, next.at)
  }

  /** Takes what has moved since the last look; what has not is left until somebody rings or sweeps. */
  function noteAnswer(bell: Bell, rows: readonly Due<Ref>[], asked: number): void {
    const before = bell.seen
    const seen = new Map<string, number>()
    const stuckBefore = bell.stuck
    bell.stuck = 0
    let goesOn = false
    for (const row of rows) {
      const id = idOf(row.ref)
      const has = before.get(id) === row.due
      if (has) bell.stuck += 1
      else if (!seatFor(row)) {
        goesOn = true
        continue
      } else if (take(row, id)) goesOn = true
      seen.set(id, row.due)
    }
    bell.seen = seen
    if (rows.length < asked) bell.news = false
    bell.more = rows.length >= asked || (goesOn && seen.size < rows.length)
    if (bell.more && (goesOn || bell.stuck > stuckBefore)) bell.rung = true
  }

  const seatFor = (row: Due<Ref>): boolean => {
    const room = seats.room()
    return isUrgent(row.band)
      ? room.urgent > 0
      : room.open > 0 || (isUrgent(effectiveBand(row)) && room.urgent > 0)
  }

  const effectiveBand = (row: Due<Ref>): number =>
    BANDS.indexOf(agedBand(BANDS[row.band]!, clock.now() - row.due))

  function take(row: Due<Ref>, id: string, bandMax = Number.POSITIVE_INFINITY): boolean {
    if (inHand.has(id)) return false
    const band = effectiveBand(row)
    const pair = { shard: row.shard, band: row.band }
    inHand.set(id, { pair, vendor: row.ref.vendor, band, released: false })
    seats.take(row.ref.vendor, band)
    bells.hold(pair, 1)
    options.take({ id, ref: row.ref, band: Math.min(band, bandMax), due: row.due })
    return true
  }

  function release(id: string): void {
    const held = inHand.get(id)
    if (!held || held.released) return
    held.released = true
    bells.hold(held.pair, -1)
  }

  function lookPast(now: Instant): Promise<void> | null {
    if (now - lookedPastAt < PAST_EVERY_MS) return null
    const backlog = bells.waiting(ALL_BANDS)
    const vendors = seats.heavy()
    if (backlog.length > 0) lookedPastAt = now
    if (backlog.length === 0 || vendors.length === 0) return null
    // Where something new was told of, and then the others by turns.
    const turns = backlog.map((_, i) => backlog[(pastTurn + i) % backlog.length]!)
    pastTurn += PAST_BELLS
    const chosen = [...turns.filter((bell) => bell.news), ...turns.filter((bell) => !bell.news)]
    chosen.length = Math.min(chosen.length, PAST_BELLS)
    for (const bell of chosen) bell.news = false
    const how = { now, per: PAST_PER, past: { vendors, depth: PAST_DEPTH } }
    // Who has less than an equal share in hand need not stand behind a flood in the lanes either.
    return aside(chosen, how, (row) => seats.admits(row.ref.vendor, effectiveBand(row)), FRONT_BAND)
  }

  /** A look outside the order of the bells: takes what there is a seat for and changes no bell. */
  async function aside(
    chosen: readonly Pair[],
    how: ClaimOptions,
    mayTake: (row: Due<Ref>) => boolean,
    bandMax = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const claim = await tryTo(() => ask(chosen, how))
    for (const row of claim?.rows ?? []) if (!stopped && mayTake(row)) take(row, idOf(row.ref), bandMax)
  }

  async function tryTo(question: () => Promise<Claim<Ref>>): Promise<Claim<Ref> | null> {
    try {
      const claim = await question()
      if (failing) log.info(`claims of ${options.name} work again`)
      failing = false
      return claim
    } catch (error) {
      // An outage is told once, not four times a second.
      if (!failing)
        log.error(`a claim of ${options.name} failed; it is tried again`, { error: String(error) })
      failing = true
      return null
    }
  }

  /** Looks out of order go first, or an overload would put them off for ever; never more than one of each. */
  function soon(name: string, look: () => Promise<void>): void {
    asides.set(name, look)
    pump()
  }

  function nextAside(): Promise<void> | null {
    for (const [name, look] of asides) {
      asides.delete(name)
      return look()
    }
    return null
  }

  return {
    ring(pair) {
      bells.ring(pair, true)
      pump()
    },
    expect: (pair, at) => bells.expect(pair, at),

    sweep(shards) {
      mine = new Set(shards)
      const old = bells.waiting([2, 3]).filter((bell) => mine.has(bell.shard))
      for (const shard of shards) for (const band of ALL_BANDS) bells.ring({ shard, band }, false)
      if (old.length === 0) pump()
      else {
        const now = plusMs(clock.now(), -AGEING_STEP_MINUTES * MINUTE_MS)
        soon('aged', () => aside(old, { now, per: AGED_PER }, seatFor))
      }
    },

    seat(ref, pair) {
      const id = idOf(ref)
      if (stopped || inHand.has(id) || !options.mayClaim()) return false
      const room = seats.room()
      if ((isUrgent(pair.band) ? room.urgent : room.open) === 0) return false
      if (bells.waiting(ALL_BANDS.slice(0, pair.band + 1)).length > 0) return false
      inHand.set(id, { pair, vendor: ref.vendor, band: pair.band, released: true })
      seats.take(ref.vendor, pair.band)
      return true
    },

    steal() {
      if (seats.held > 0 || bells.behind(ALL_BANDS).length > 0) return
      const others = ALL_SHARDS.filter((shard) => !mine.has(shard))
      if (others.length === 0) return
      const pairs = ALL_BANDS.flatMap((band) => others.map((shard) => ({ shard, band })))
      const now = plusMs(clock.now(), -STEAL_AFTER_MS)
      soon('steal', () => aside(pairs, { now, per: STEAL_PER }, seatFor))
    },

    release(id) {
      release(id)
      pump()
    },

    leave(id) {
      const held = inHand.get(id)
      if (!held) return
      release(id)
      inHand.delete(id)
      seats.leave(held.vendor, held.band)
      pump()
    },

    pump,
    hasRoom: (band) => {
      const room = seats.room()
      return options.mayClaim() && (isUrgent(band) ? room.urgent : room.open) > 0
    },
    next() {
      const past =
        bells.waiting(ALL_BANDS).length > 0 ? lookedPastAt + PAST_EVERY_MS : Number.POSITIVE_INFINITY
      return Math.min(bells.next(), past)
    },
    async asked() {
      while (asking !== null) await asking
    },
    async stop() {
      stopped = true
      await asking
    },
    get held() {
      return seats.held
    },
    seats: seats.max,
    get quiet() {
      return asking === null && asides.size === 0 && inHand.size === 0 && bells.quiet
    },
  }
}

const keyOf = ({ shard, band }: Pair): string => `${shard}|${band}`

function byBell<Ref>(rows: readonly Due<Ref>[]): Map<string, Due<Ref>[]> {
  const map = new Map<string, Due<Ref>[]>()
  for (const row of rows) {
    const list = map.get(keyOf(row))
    if (list) list.push(row)
    else map.set(keyOf(row), [row])
  }
  return map
}
