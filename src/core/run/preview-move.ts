import type { NodeId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import type { Behaviour } from './behaviour.ts'
import type { Decision, DecisionCode } from './decision.ts'
import { type FutureStep, forecast, forecastAfter } from './forecast.ts'
import type { Run, RunStatus } from './run.ts'
import { sentenceOf } from './sentences.ts'
import type { Teller } from './teller.ts'
import type { View } from './view.ts'

/**
 * What a change of details does to one couple's steps, before anybody decides to make it: the same computation
 * as the change itself, without the commit.
 */
export type MovedStep = {
  readonly node: NodeId
  readonly visit: number
  readonly name: string
  readonly is: 'stays' | 'moves' | 'needs_you' | 'left_out' | 'new'
  readonly from: Instant | null
  readonly to: Instant | null
  readonly why: string
  /** What a person may choose, for a step that needs one. */
  readonly choices: readonly (LatePolicy | 'follow' | 'keep')[]
}

export type MovePreview = {
  readonly steps: readonly MovedStep[]
  /** The change ends the run: a cancelled wedding. */
  readonly ends: RunStatus | null
}

export type MoveOptions = { readonly assume?: Behaviour; readonly undoUntil?: Instant }

export function previewMove(
  graph: Graph,
  run: Run,
  viewBefore: View,
  viewAfter: View,
  now: Instant,
  options: MoveOptions = {},
): MovePreview {
  const how = options.assume ? { assume: options.assume } : {}
  const before = forecast(graph, run, viewBefore, now, how)
  const event = {
    is: 'details_changed',
    at: now,
    anchors: changedAnchors(viewBefore, viewAfter),
    why: 'preview',
    undoUntil: options.undoUntil ?? null,
  } as const
  const after = forecastAfter(graph, run, event, viewAfter, how)
  const status = after.turn.after.status
  if (after.turn.after.state.tokens.length === 0)
    return { steps: before.steps.filter(acts).map(gone), ends: status }
  const teller: Teller = { zone: viewAfter.wedding?.zone ?? viewAfter.vendor.zone, now }
  const old = new Map(before.steps.map((step) => [keyOf(step), step]))
  const steps = after.steps
    .filter((step) => acts(step) || needsYou(step) !== undefined)
    .map((step) => compare(old.get(keyOf(step)), step, teller))
  const kept = new Set(after.steps.map(keyOf))
  const left = before.steps.filter((step) => acts(step) && !kept.has(keyOf(step))).map(gone)
  return { steps: [...steps, ...left], ends: null }
}

/** Anchors with another value or generation; everything (`*`) when the place or the vendor's calendar is another. */
export function changedAnchors(before: View, after: View): string[] {
  const everywhere =
    before.wedding?.zone !== after.wedding?.zone ||
    before.vendor.calendarGeneration !== after.vendor.calendarGeneration
  if (everywhere) return ['*']
  const names = new Set([...Object.keys(before.anchors), ...Object.keys(after.anchors)])
  return [...names].filter(
    (name) => JSON.stringify(before.anchors[name]) !== JSON.stringify(after.anchors[name]),
  )
}

const keyOf = (step: FutureStep): string => `${step.node}|${step.visit}`

/** Steps somebody notices; a decision or an inner wait is only on the way to one. */
const acts = ({ kind, what }: FutureStep): boolean =>
  kind === 'module' || what === 'task' || what === 'approval' || what === 'send'

const gone = (step: FutureStep): MovedStep => ({
  node: step.node,
  visit: step.visit,
  name: step.name,
  is: 'left_out',
  from: step.at,
  to: null,
  why: 'They do not come to this step any more.',
  choices: [],
})

const CHOICES: { readonly [Code in DecisionCode]?: MovedStep['choices'] } = {
  needs_you: ['follow', 'keep'],
  late_task: ['send_now', 'merge', 'skip'],
  deadline_missed: ['send_now', 'skip'],
  windows_unsettled: ['send_now', 'skip'],
}

const needsYou = (step: FutureStep): Decision | undefined =>
  step.because.findLast((one) => CHOICES[one.code] !== undefined)

const LEFT_OUT: ReadonlySet<DecisionCode> = new Set(['late_skipped', 'quiet_skipped', 'cap_skipped'])

function compare(old: FutureStep | undefined, step: FutureStep, teller: Teller): MovedStep {
  const { node, visit, name } = step
  const from = old?.at ?? null
  const asks = needsYou(step)
  // What needed a person before the move needs one still; it is not the move that asks.
  const asked = old === undefined ? undefined : needsYou(old)
  if (asks !== undefined && asks.code !== asked?.code) {
    return {
      node,
      visit,
      name,
      is: 'needs_you',
      from,
      to: step.at,
      why: sentenceOf(asks, teller),
      choices: CHOICES[asks.code] ?? [],
    }
  }
  const skipped = step.because.findLast((one) => LEFT_OUT.has(one.code))
  if (step.what === 'skip' && old?.what !== 'skip' && skipped) {
    return {
      node,
      visit,
      name,
      is: 'left_out',
      from,
      to: null,
      why: sentenceOf(skipped, teller),
      choices: [],
    }
  }
  const why = step.because.findLast(
    (one) => one.code === 'nominal' || one.code === 'anchor_unknown' || one.code.startsWith('late_'),
  )
  const told = why === undefined ? '' : sentenceOf(why, teller)
  if (old === undefined)
    return { node, visit, name, is: 'new', from: null, to: step.at, why: told, choices: [] }
  return {
    node,
    visit,
    name,
    is: from === step.at ? 'stays' : 'moves',
    from,
    to: step.at,
    why: told,
    choices: [],
  }
}
