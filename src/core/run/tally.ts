import type { ClientId, JourneyId, Json, NodeId } from '../ids.ts'
import { ownerOf } from '../journey/unfold.ts'
import type { Instant } from '../time/instant.ts'
import type { LocalDate } from '../time/local.ts'
import { localDateOf } from '../time/zone.ts'
import { weddingDayOf } from '../wedding/priority.ts'
import { zoneFor } from '../wedding/whose-zone.ts'
import type { Ahead, Walker } from './ahead.ts'
import type { Decision } from './decision.ts'
import type { Effect, SendEffect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { isFinished, type Run } from './run.ts'
import type { SimulatedCouple, SimulatedJourney } from './simulate.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'

/** What a simulation tells: each act as a line, each day in figures, and what nobody would want. */
export type SimulationLine = {
  readonly at: Instant
  readonly client: ClientId
  readonly journey: JourneyId
  readonly node: NodeId | null
  readonly visit: number
  readonly what: Effect['do'] | 'ended'
  /** To whom a message goes, how a run ended, what was raised. */
  readonly detail: string
  readonly because: readonly Decision[]
}

export type SimulatedDay = {
  readonly on: LocalDate
  readonly messages: number
  readonly tasks: number
  readonly approvals: number
  /** The vendor works a wedding that day. */
  readonly isWeddingDay: boolean
}

export type WarningCode =
  /** More than two messages to one person in a day. */
  | 'burst'
  /** A message to the couple on their own wedding day. */
  | 'message_on_wedding_day'
  /** Tasks and approvals that come up on a day the vendor works a wedding. */
  | 'load_on_wedding_day'
  /** No couple of the simulation came to this step. */
  | 'step_not_reached'
  /** Somebody a step is meant for has no address, or has not agreed. */
  | 'cannot_be_reached'
  /** A text names a field this couple has no value for, without a fallback. */
  | 'missing_field'
  /** A run waits for a date nobody has entered. */
  | 'waits_for_unknown_date'
  /** A run stands still: stuck, or it took too many turns. */
  | 'stands_still'

export type SimulationWarning = {
  readonly code: WarningCode
  readonly journey: JourneyId | null
  readonly node: NodeId | null
  /** How often, and the first couple it happens to, to look at. */
  readonly count: number
  readonly client: ClientId | null
  readonly on: LocalDate | null
  readonly values: { readonly [key: string]: Json }
}

export const MESSAGES_A_DAY_MAX = 2

type Day = { messages: number; tasks: number; approvals: number; isWeddingDay: boolean }

export class Tally {
  readonly log: SimulationLine[] = []
  runs = 0
  turns = 0
  private readonly perDay = new Map<LocalDate, Day>()
  private readonly found = new Map<string, SimulationWarning & { count: number }>()
  private readonly visited = new Map<JourneyId, Set<NodeId>>()
  private readonly journeys: readonly SimulatedJourney[]
  private readonly bareFields: Map<JourneyId, Map<NodeId, readonly string[]>>
  private couple: SimulatedCouple | null = null
  /** Messages to each person on each day, for the couple at hand. */
  private perPerson = new Map<string, number>()

  constructor(journeys: readonly SimulatedJourney[]) {
    this.journeys = journeys
    this.bareFields = new Map(journeys.map((journey) => [journey.id, bareFieldsOf(journey)]))
  }

  begin(couple: SimulatedCouple): void {
    this.couple = couple
    this.perPerson = new Map()
  }

  take(journey: SimulatedJourney, run: Run, event: RunEvent, turn: Turn, view: View): void {
    this.turns += 1
    for (const effect of turn.effects) this.takeEffect(journey, run, effect, event.at, turn, view)
    if (isFinished(run.status))
      this.log.push(this.line(journey, run, event.at, null, 0, 'ended', run.status, turn.because))
  }

  private takeEffect(
    journey: SimulatedJourney,
    run: Run,
    effect: Effect,
    at: Instant,
    turn: Turn,
    view: View,
  ): void {
    const node = 'node' in effect ? (effect.node ?? null) : null
    const visit = 'visit' in effect ? effect.visit : 0
    const because = node === null ? [] : turn.because.filter((one) => one.node === node)
    this.log.push(this.line(journey, run, at, node, visit, effect.do, detailOf(effect), because))
    if (effect.do === 'send') return this.takeSend(journey, effect, at, view)
    if (effect.do === 'open_task' || effect.do === 'ask_approval')
      return this.takeWork(journey, effect, at, view)
    if (effect.do !== 'raise') return
    const { code } = effect
    if (code === 'no_address' || code === 'no_consent' || code === 'no_recipient') {
      this.warn('cannot_be_reached', journey.id, node, null, { why: code, ...effect.values })
    }
  }

  private takeSend(journey: SimulatedJourney, effect: SendEffect, at: Instant, view: View): void {
    if (effect.channel !== 'email' && effect.channel !== 'sms') return
    const person = view.people.find((one) => one.ref === effect.recipient)
    const zone = zoneFor('couple', view, person)
    const on = localDateOf(at, zone)
    this.dayOf(localDateOf(at, view.vendor.zone), view).messages += 1
    const key = `${person?.reach[effect.channel] ?? effect.recipient}|${on}`
    const count = (this.perPerson.get(key) ?? 0) + 1
    this.perPerson.set(key, count)
    if (count === MESSAGES_A_DAY_MAX + 1)
      this.warn('burst', journey.id, effect.node, on, { to: effect.recipient })
    const venue = view.wedding?.zone ?? view.vendor.zone
    const isCouple = effect.recipient.startsWith('partner_')
    if (isCouple && localDateOf(at, venue) === weddingDayOf(view.anchors, venue)) {
      this.warn('message_on_wedding_day', journey.id, effect.node, on, {})
    }
    for (const field of this.bareFields.get(journey.id)?.get(effect.node) ?? []) {
      if (!isKnown(field, view)) this.warn('missing_field', journey.id, effect.node, null, { field })
    }
  }

  private takeWork(
    journey: SimulatedJourney,
    effect: Effect & { do: 'open_task' | 'ask_approval' },
    at: Instant,
    view: View,
  ): void {
    const on = localDateOf(at, view.vendor.zone)
    const day = this.dayOf(on, view)
    if (effect.do === 'open_task') day.tasks += 1
    else day.approvals += 1
    if (day.isWeddingDay) this.warn('load_on_wedding_day', journey.id, effect.node, on, {})
  }

  /** What one couple's time left behind: where they have been, and whether somebody still stands somewhere. */
  end(ahead: Ahead, entries: readonly { journey: SimulatedJourney; walker: Walker }[], whole: boolean): void {
    for (const { journey, walker } of entries) {
      const visited = this.visited.get(journey.id) ?? new Set<NodeId>()
      this.visited.set(journey.id, visited)
      for (const node of Object.keys(walker.run.state.visits)) visited.add(node as NodeId)
      for (const token of walker.run.state.tokens) {
        if (token.is === 'waiting' && token.due === null) {
          this.warn('waits_for_unknown_date', journey.id, token.at, null, { anchor: token.anchor ?? null })
        }
        if (token.is === 'stuck')
          this.warn('stands_still', journey.id, token.at, null, { why: token.problem.code })
      }
    }
    if (!whole)
      this.warn('stands_still', null, null, localDateOf(ahead.now, ahead.view.vendor.zone), { why: 'turns' })
    this.couple = null
  }

  days(): readonly SimulatedDay[] {
    return [...this.perDay].map(([on, day]) => ({ on, ...day })).sort((a, b) => (a.on < b.on ? -1 : 1))
  }

  warnings(): readonly SimulationWarning[] {
    for (const journey of this.journeys) {
      const visited = this.visited.get(journey.id)
      for (const { id, kind } of journey.graph.journey.nodes) {
        // A date trigger is passed without a visit of its own.
        if (kind === 'trigger' && visited !== undefined) continue
        // Parts of a step are told of by their step: nobody is reminded where everybody answers.
        if (ownerOf(id) !== id) continue
        if (!visited?.has(id)) this.warn('step_not_reached', journey.id, id, null, {})
      }
    }
    return [...this.found.values()]
  }

  private warn(
    code: WarningCode,
    journey: JourneyId | null,
    node: NodeId | null,
    on: LocalDate | null,
    values: { [key: string]: Json },
  ): void {
    const key = `${code}|${journey}|${node}|${JSON.stringify(values)}`
    const known = this.found.get(key)
    if (known) known.count += 1
    else
      this.found.set(key, { code, journey, node, on, values, count: 1, client: this.couple?.client ?? null })
  }

  private dayOf(on: LocalDate, view: View): Day {
    const known = this.perDay.get(on)
    if (known) return known
    const day = { messages: 0, tasks: 0, approvals: 0, isWeddingDay: view.vendor.weddingDays.has(on) }
    this.perDay.set(on, day)
    return day
  }

  private line(
    journey: SimulatedJourney,
    run: Run,
    at: Instant,
    node: NodeId | null,
    visit: number,
    what: SimulationLine['what'],
    detail: string,
    because: readonly Decision[],
  ): SimulationLine {
    return { at, client: run.client, journey: journey.id, node, visit, what, detail, because }
  }
}

function detailOf(effect: Effect): string {
  switch (effect.do) {
    case 'send':
      return effect.recipient
    case 'set_stage':
      return effect.stage
    case 'add_tag':
    case 'remove_tag':
      return effect.tag
    case 'set_field':
      return effect.field
    case 'open_task':
      return effect.title
    case 'ask_approval':
      return effect.ask
    case 'start_journey':
    case 'stop_journey':
      return effect.journey
    case 'hold_journeys':
    case 'release_journeys':
      return effect.reason
    case 'raise':
      return effect.code
    case 'cancel_sends':
      return effect.why
    case 'close_task':
    case 'close_approval':
      return effect.name
  }
}

/** Fields of the couple's own that a message names without a fallback. */
function bareFieldsOf(journey: SimulatedJourney): Map<NodeId, readonly string[]> {
  const fields = new Map<NodeId, readonly string[]>()
  for (const node of journey.graph.journey.nodes) {
    if (node.kind !== 'module') continue
    const named = JSON.stringify(node.config).matchAll(
      /\{\{\s*(client\.fields\.[A-Za-z0-9_-]+|answers\.[A-Za-z0-9_.-]+)\s*\}\}/g,
    )
    const bare = [...new Set([...named].map((found) => found[1]!))]
    if (bare.length > 0) fields.set(node.id, bare)
  }
  return fields
}

function isKnown(field: string, view: View): boolean {
  const [root, first = '', second = ''] = field.split('.')
  const value = root === 'client' ? view.client.fields[second] : view.answers[first]?.[second]
  return value !== undefined && value !== null && value !== ''
}
