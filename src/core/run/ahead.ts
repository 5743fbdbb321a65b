import type { EventId, JsonObject } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import { dayNumber, wallOfDay } from '../time/calendar.ts'
import { HOUR_MS, type Instant, isoOf, plusMs, SECOND_MS } from '../time/instant.ts'
import { instantOfWall, localDayOf } from '../time/zone.ts'
import { anchorSetBy } from '../wedding/anchor-of-event.ts'
import { weddingDayOf } from '../wedding/priority.ts'
import { zoneFor } from '../wedding/whose-zone.ts'
import { advance } from './advance.ts'
import { answeredAt, type Behaviour, factsThatFit } from './behaviour.ts'
import type { Effect, SendEffect } from './effect.ts'
import { CAUSE_DEPTH_MAX, type OutsideEvent, type RunEvent } from './event.ts'
import { patchView } from './patch-view.ts'
import { isFinished, type Run, type Token } from './run.ts'
import { traitNews } from './trait-news.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'

/**
 * One couple's time, run ahead on a clock of its own: the engine's part (what is due, what is sent, what is
 * changed) by `advance`, the people's part by a behaviour. Nothing here decides what a journey does; that
 * is `advance` alone, so that a forecast cannot disagree with what will happen.
 */
export type Walker = { readonly graph: Graph; run: Run; due: Instant | null }

export type Ahead = {
  readonly walkers: Walker[]
  view: View
  readonly behaviour: Behaviour
  /** What is still to come, in order of time. */
  readonly pending: Pending[]
  now: Instant
  /** Where outside events begin journeys as well: called after the runs that were already there have heard it. */
  readonly starts?: (event: OutsideEvent) => void
}

/** An event for one run, or for all of the couple's (`to` null); what it answers, so that it can be dropped. */
export type Pending = {
  readonly at: Instant
  readonly to: Walker | null
  readonly event: RunEvent
  readonly answers?: string
}

export type Told = (walker: Walker, event: RunEvent, turn: Turn, ahead: Ahead) => void

/** How long a message is on its way. */
const SENT_AFTER_MS = SECOND_MS
/** A turn that stands still in time may follow another; more of them than this are a loop of no time. */
export type Bounds = { readonly until: Instant; readonly turnsMax: number }

/** True when all that can happen until then has happened; false when the bound of turns came first. */
export function runAhead(ahead: Ahead, { until, turnsMax }: Bounds, told: Told): boolean {
  for (let turns = 0; turns < turnsMax; turns++) {
    const next = nextOf(ahead)
    if (next === null || next.at > until) return true
    if (next.at > ahead.now) ahead.now = next.at
    if (next.event === null) takeTurn(ahead, next.walker, { is: 'due', at: ahead.now }, told)
    else deliver(ahead, next.event, told)
  }
  return false
}

type Next =
  | { readonly at: Instant; readonly event: Pending; readonly walker: null }
  | { readonly at: Instant; readonly event: null; readonly walker: Walker }

function nextOf(ahead: Ahead): Next | null {
  let walker: Walker | null = null
  for (const one of ahead.walkers) {
    if (one.due !== null && (walker === null || one.due < walker.due!)) walker = one
  }
  const pending = ahead.pending[0]
  // An answer that comes in the same moment as the timeout was in time.
  if (pending !== undefined && (walker === null || pending.at <= walker.due!))
    return { at: pending.at, event: pending, walker: null }
  return walker === null ? null : { at: walker.due!, event: null, walker }
}

function deliver(ahead: Ahead, pending: Pending, told: Told): void {
  ahead.pending.shift()
  const { event } = pending
  if (event.is === 'happened') ahead.view = withHappened(ahead.view, event.event)
  const walkers = pending.to === null ? [...ahead.walkers] : [pending.to]
  for (const walker of walkers) if (!isFinished(walker.run.status)) takeTurn(ahead, walker, event, told)
  if (event.is === 'happened') ahead.starts?.(event.event)
}

export function takeTurn(ahead: Ahead, walker: Walker, event: RunEvent, told: Told): void {
  settle(ahead, walker, event, advance(walker.graph, walker.run, event, ahead.view), told)
}

/** What follows from a turn: the view as it is now, answers to what it asked, results of what it sent. */
export function settle(ahead: Ahead, walker: Walker, event: RunEvent, turn: Turn, told: Told): void {
  const before = walker.run
  walker.run = turn.after
  walker.due = turn.due
  const { client } = ahead.view
  for (const effect of turn.effects) {
    ahead.view = patchView(ahead.view, effect)
    foresee(ahead, walker, effect)
  }
  if (ahead.view.client !== client) foreseeNews(ahead, walker, client)
  for (const token of turn.after.state.tokens) {
    if (token.is === 'awaiting' && !before.state.tokens.includes(token)) foreseeAnswer(ahead, walker, token)
  }
  if (ahead.pending.length > 0 && turn.after.state.tokens !== before.state.tokens) dropUnasked(ahead, walker)
  told(walker, event, turn, ahead)
}

function foresee(ahead: Ahead, walker: Walker, effect: Effect): void {
  const { now } = ahead
  switch (effect.do) {
    case 'send': {
      const at = plusMs(now, SENT_AFTER_MS)
      const outcome = { is: 'done', exit: exitOf(walker.graph, effect) } as const
      return expect(ahead, {
        at,
        to: walker,
        event: { is: 'settled', at, effect: effect.name, outcome },
        answers: effect.name,
      })
    }
    case 'open_task':
    case 'ask_approval':
      return foreseeMember(ahead, walker, effect)
    default:
      return
  }
}

/** What a journey has changed of the couple, their other journeys hear at once. */
function foreseeNews(ahead: Ahead, { run }: Walker, before: View['client']): void {
  const { now: at, view } = ahead
  const depth = (run.state.startedBy?.depth ?? 0) + 1
  if (depth > CAUSE_DEPTH_MAX) return
  for (const { name, type, data } of traitNews(before, view.client)) {
    const id = `foreseen:${run.id}|${run.state.steps}|${name}` as EventId
    const event: OutsideEvent = { id, type, at, data, depth }
    expect(ahead, { at, to: null, event: { is: 'happened', at, event } })
  }
}

/** The ordinary way on of the step the message belongs to. */
function exitOf(graph: Graph, effect: SendEffect): string {
  const node = graph.node(effect.node)
  return (node && graph.exits(node)[0]) ?? 'next'
}

function foreseeMember(
  ahead: Ahead,
  walker: Walker,
  effect: Effect & { do: 'open_task' | 'ask_approval' },
): void {
  const gate = walker.run.state.tokens.find((token) => token.is === 'gated' && token.gate === effect.name)
  if (gate?.is !== 'gated') return
  const zone = ahead.view.vendor.zone
  const question = {
    of: 'team',
    client: walker.run.client,
    node: gate.at,
    visit: gate.visit,
    since: ahead.now,
    until: gate.until,
    zone,
  } as const
  const at = answeredAt(ahead.behaviour, question)
  if (at === null) return
  const by = `member:${effect.role}`
  const event: RunEvent =
    effect.do === 'open_task'
      ? { is: 'task_done', at, name: effect.name, by }
      : { is: 'approval_answered', at, name: effect.name, answer: 'approved', by }
  expect(ahead, { at, to: walker, event, answers: effect.name })
}

function foreseeAnswer(ahead: Ahead, walker: Walker, token: Token & { is: 'awaiting' }): void {
  const node = walker.graph.node(token.at)
  if (node?.kind !== 'await') return
  const { view } = ahead
  const zone = zoneFor('couple', view)
  const question = {
    of: 'couple',
    client: walker.run.client,
    node: token.at,
    visit: token.visit,
    since: token.since,
    until: token.until,
    zone,
  } as const
  const at = answeredAt(ahead.behaviour, question)
  if (at === null || at < ahead.now) return
  const name = answerName(walker.run, token)
  const data = withMeetingTime(node.for.event, factsThatFit(node.for), at, view)
  const event: OutsideEvent = { id: name as EventId, type: node.for.event, at, data, depth: 0 }
  // A timeout that moved is the same question asked again.
  const before = ahead.pending.findIndex((one) => one.answers === name)
  if (before >= 0) ahead.pending.splice(before, 1)
  // An event of the couple, heard by every journey it concerns.
  expect(ahead, { at, to: null, event: { is: 'happened', at, event }, answers: name })
}

const MEETING_DAYS_AHEAD = 10

/** Whoever books a meeting books it for some day: ten days ahead, or half way to the wedding if that is sooner. */
function withMeetingTime(type: string, facts: JsonObject, at: Instant, view: View): JsonObject {
  if (type !== 'meeting_booked' || facts.at !== undefined) return facts
  const { zone } = view.vendor
  const wedding = weddingDayOf(view.anchors, zone)
  const today = localDayOf(at, zone)
  const left = wedding === null ? MEETING_DAYS_AHEAD : dayNumber(wedding) - today
  const ahead = left <= 0 ? MEETING_DAYS_AHEAD : Math.min(MEETING_DAYS_AHEAD, Math.ceil(left / 2))
  return { ...facts, at: isoOf(instantOfWall(wallOfDay(today + ahead, 11 * HOUR_MS), zone)) }
}

const answerName = (run: Run, token: Token): string => `foreseen:${run.id}|${token.at}|${token.visit}`

/** Answers to questions that are no longer asked, and results of what has been withdrawn, do not come. */
function dropUnasked(ahead: Ahead, walker: Walker): void {
  const asked = new Set<string>()
  for (const token of walker.run.state.tokens) {
    if (token.is === 'awaiting') asked.add(answerName(walker.run, token))
    if (token.is === 'gated') asked.add(token.gate)
    if (token.is === 'acting') for (const name of token.effects) asked.add(name)
  }
  const mine = `foreseen:${walker.run.id}|`
  for (let i = ahead.pending.length - 1; i >= 0; i--) {
    const { to, answers } = ahead.pending[i]!
    if (answers === undefined || asked.has(answers)) continue
    if (to === walker || (to === null && answers.startsWith(mine))) ahead.pending.splice(i, 1)
  }
}

/** Puts an event where it belongs in time, behind others of the same moment. */
export function expect(ahead: Ahead, pending: Pending): void {
  let at = ahead.pending.length
  while (at > 0 && ahead.pending[at - 1]!.at > pending.at) at--
  ahead.pending.splice(at, 0, pending)
}

/** What the run has already asked or sent is answered as if it had been asked just now. */
export function foreseeAll(ahead: Ahead, walker: Walker): void {
  for (const token of walker.run.state.tokens) {
    if (token.is === 'awaiting') foreseeAnswer(ahead, walker, token)
    if (token.is === 'gated') foreseeGate(ahead, walker, token)
    if (token.is !== 'acting') continue
    const node = walker.graph.node(token.at)
    const exit = (node && walker.graph.exits(node)[0]) ?? 'next'
    for (const effect of token.effects) {
      if (token.results?.[effect] !== undefined) continue
      const at = plusMs(ahead.now, SENT_AFTER_MS)
      expect(ahead, {
        at,
        to: walker,
        event: { is: 'settled', at, effect, outcome: { is: 'done', exit } },
        answers: effect,
      })
    }
  }
}

function foreseeGate(ahead: Ahead, walker: Walker, token: Token & { is: 'gated' }): void {
  const question = {
    of: 'team',
    client: walker.run.client,
    node: token.at,
    visit: token.visit,
    since: ahead.now,
    until: token.until,
    zone: ahead.view.vendor.zone,
  } as const
  const at = answeredAt(ahead.behaviour, question)
  if (at === null) return
  const event: RunEvent =
    token.by === 'task'
      ? { is: 'task_done', at, name: token.gate, by: 'member:owner' }
      : { is: 'approval_answered', at, name: token.gate, answer: 'approved', by: 'member:owner' }
  expect(ahead, { at, to: walker, event, answers: token.gate })
}

/** The view after something has happened outside: counted, and remembered as the date others hang on. */
export function withHappened(view: View, event: OutsideEvent): View {
  const before = view.happened[event.type]
  const happened = { ...view.happened, [event.type]: { count: (before?.count ?? 0) + 1, lastAt: event.at } }
  const found = anchorSetBy(event)
  const known = found === null ? undefined : view.anchors[found.name]
  if (found === null || (found.once && known && known.value !== null)) return { ...view, happened }
  const anchor = { value: { is: 'moment', at: found.at } as const, generation: (known?.generation ?? 0) + 1 }
  return { ...view, happened, anchors: { ...view.anchors, [found.name]: anchor } }
}
