import type { ClientId, EventId, JourneyId, JsonObject, RunId, VendorId, WeddingId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import { addAmount } from '../time/amount.ts'
import { type Instant, instant } from '../time/instant.ts'
import { begin } from './advance.ts'
import { type Ahead, expect, runAhead, settle, type Told, takeTurn, type Walker } from './ahead.ts'
import type { Behaviour } from './behaviour.ts'
import type { Effect } from './effect.ts'
import { CAUSE_DEPTH_MAX, type OutsideEvent, type RunEvent } from './event.ts'
import { isFinished, type Run } from './run.ts'
import { type SimulatedDay, type SimulationLine, type SimulationWarning, Tally } from './tally.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'

/**
 * A whole book of couples through all journeys of a vendor, drafts too, in a period: what would be sent, on
 * which days, and what nobody would want. Pure, and the same for the same input.
 */
export type SimulatedJourney = {
  readonly id: JourneyId
  /** The name other journeys start and stop it by. */
  readonly key: string
  readonly version: number
  readonly graph: Graph
}

export type SimulatedCouple = {
  readonly client: ClientId
  readonly vendor: VendorId
  readonly wedding: WeddingId | null
  readonly view: View
  /** When they become known to the vendor; journeys that wait for a date begin here. */
  readonly since: Instant
  /** What they do by themselves: ask, sign, pay, in order of time. */
  readonly events: readonly { readonly at: Instant; readonly type: string; readonly data: JsonObject }[]
}

export type SimulationInput = {
  readonly journeys: readonly SimulatedJourney[]
  readonly couples: readonly SimulatedCouple[]
  readonly from: Instant
  readonly until: Instant
  readonly behaviour: Behaviour
  /** Per couple; a journey that never comes to rest is told, not waited for. */
  readonly turnsMax?: number
}

export type Simulation = {
  readonly log: readonly SimulationLine[]
  readonly days: readonly SimulatedDay[]
  readonly warnings: readonly SimulationWarning[]
  readonly couples: number
  readonly runs: number
  readonly turns: number
}

export const SIMULATED_TURNS_MAX = 20_000

/** `passed` hears how many couples are through, for whoever looks on while it computes. */
export function simulate(
  input: SimulationInput,
  passed: (couples: number) => void = () => undefined,
): Simulation {
  const tally = new Tally(input.journeys)
  for (const [index, couple] of input.couples.entries()) {
    simulateCouple(couple, input, tally)
    passed(index + 1)
  }
  const { runs, turns, log } = tally
  return { log, days: tally.days(), warnings: tally.warnings(), couples: input.couples.length, runs, turns }
}

type Entry = { readonly journey: SimulatedJourney; readonly walker: Walker; readonly at: Instant }

function simulateCouple(couple: SimulatedCouple, input: SimulationInput, tally: Tally): void {
  const entries: Entry[] = []
  const start = instant(Math.max(couple.since, input.from))
  const ahead: Ahead = {
    walkers: [],
    view: couple.view,
    behaviour: input.behaviour,
    pending: [],
    now: start,
    starts: (event) => {
      for (const journey of input.journeys) if (listensTo(journey.graph, event)) enter(journey, event)
    },
  }
  tally.begin(couple)
  const told: Told = (walker, event, turn) => {
    const entry = entries.find((one) => one.walker === walker)
    if (entry === undefined) return
    tally.take(entry.journey, walker.run, event, turn, ahead.view)
    for (const effect of turn.effects) actOnOthers(effect, walker)
  }

  const enter = (journey: SimulatedJourney, by: OutsideEvent | null): void => {
    if (!mayEnter(journey, entries, couple, ahead)) return
    const identity = identityOf(journey, couple, entries.length)
    const turn: Turn = begin(journey.graph, identity, by, ahead.now, ahead.view)
    if (turn.after.status === 'cancelled') return
    const nowhere: Run = { ...turn.after, state: { ...turn.after.state, tokens: [] } }
    const walker: Walker = { graph: journey.graph, run: nowhere, due: null }
    ahead.walkers.push(walker)
    entries.push({ journey, walker, at: ahead.now })
    tally.runs += 1
    settle(ahead, walker, { is: 'due', at: ahead.now }, turn, told)
  }

  const actOnOthers = (effect: Effect, by: Walker): void => {
    switch (effect.do) {
      case 'start_journey': {
        const journey = input.journeys.find((one) => one.key === effect.journey)
        const depth = (by.run.state.startedBy?.depth ?? 0) + 1
        if (!journey || depth > CAUSE_DEPTH_MAX) return
        const id = `${by.run.id}|${effect.name}` as EventId
        return enter(journey, { id, type: 'journey_started', at: ahead.now, data: {}, depth })
      }
      case 'stop_journey':
        return tellEach(by, effect.journey, {
          is: 'commanded',
          at: ahead.now,
          by: `run:${by.run.id}`,
          command: { do: 'stop', reason: 'stopped_by_journey' },
        })
      case 'hold_journeys':
        return tellEach(by, null, { is: 'held', at: ahead.now, reason: `hold:${effect.reason}` })
      case 'release_journeys':
        return tellEach(by, null, { is: 'released', at: ahead.now, reason: `hold:${effect.reason}` })
      default:
        return
    }
  }

  const tellEach = (by: Walker, key: string | null, event: RunEvent): void => {
    for (const entry of entries) {
      if (entry.walker === by || isFinished(entry.walker.run.status)) continue
      if (key === null || entry.journey.key === key) takeTurn(ahead, entry.walker, event, told)
    }
  }

  for (const journey of input.journeys) if (journey.graph.triggerType.when) enter(journey, null)
  for (const [index, one] of couple.events.entries()) {
    if (one.at < start) continue
    const event: OutsideEvent = { id: `${couple.client}|${index}` as EventId, ...one, depth: 0 }
    expect(ahead, { at: one.at, to: null, event: { is: 'happened', at: one.at, event } })
  }
  const whole = runAhead(ahead, { until: input.until, turnsMax: input.turnsMax ?? SIMULATED_TURNS_MAX }, told)
  tally.end(ahead, entries, whole)
}

function listensTo(graph: Graph, event: OutsideEvent): boolean {
  const { triggerType, trigger } = graph
  if (triggerType.listensTo !== event.type) return false
  return triggerType.matches?.(trigger.config ?? {}, event).matches ?? true
}

/** The re-entry rule of a journey, for one couple. */
function mayEnter(
  journey: SimulatedJourney,
  entries: readonly Entry[],
  couple: SimulatedCouple,
  ahead: Ahead,
): boolean {
  const own = entries.filter((one) => one.journey === journey)
  const { reentry } = journey.graph.journey
  const last = own.at(-1)
  if (last === undefined) return true
  // A simulated couple has one wedding.
  if (reentry === 'never' || reentry === 'per_wedding') return false
  if (reentry === 'after_finish') return own.every((one) => isFinished(one.walker.run.status))
  const { vendor } = couple.view
  return addAmount(last.at, reentry.always.distance, 1, vendor.zone, vendor) <= ahead.now
}

const identityOf = (
  journey: SimulatedJourney,
  couple: SimulatedCouple,
  nth: number,
): Omit<Run, 'status' | 'state'> => ({
  id: `${couple.client}|${journey.key}|${nth}` as RunId,
  vendor: couple.vendor,
  client: couple.client,
  wedding: couple.wedding,
  journey: journey.id,
  version: journey.version,
})

export type { SimulatedDay, SimulationLine, SimulationWarning } from './tally.ts'
