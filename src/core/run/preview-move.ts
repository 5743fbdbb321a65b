import type { NodeId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import type { Behaviour } from './behaviour.ts'
import { type Choices, momentOf } from './chosen.ts'
import type { Decision, DecisionCode } from './decision.ts'
import { type FutureStep, forecast, forecastAfter } from './forecast.ts'
import type { Run, RunStatus } from './run.ts'
import { sentenceOf } from './sentences.ts'
import { zoneOfStep } from './step-zone.ts'
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
  readonly kind: FutureStep['kind']
  readonly is: 'stays' | 'moves' | 'needs_you' | 'left_out' | 'new'
  readonly from: Instant | null
  readonly to: Instant | null
  /** Where the clock hangs by which its moment is meant. */
  readonly zone: Zone
  readonly why: string
  /** What a person may choose for it. */
  readonly choices: readonly (LatePolicy | 'follow' | 'keep')[]
  /** What becomes of it by the choices that were made; null while none was made for it. */
  readonly chosen: { readonly is: 'goes' | 'left_out' | 'task'; readonly to: Instant | null } | null
}

export type MovePreview = {
  readonly steps: readonly MovedStep[]
  /** The change ends the run: a cancelled wedding. */
  readonly ends: RunStatus | null
}

export type MoveOptions = {
  readonly assume?: Behaviour
  readonly undoUntil?: Instant
  readonly choices?: Choices
}

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
    choices: {},
    ...(isOff(viewAfter) && !isOff(viewBefore) ? { calledOff: true as const } : {}),
  } as const
  const after = forecastAfter(graph, run, event, viewAfter, how)
  const status = after.turn.after.status
  const left = (step: FutureStep): MovedStep => gone(step, zoneOfStep(graph, step.node, viewBefore))
  if (after.turn.after.state.tokens.length === 0)
    return { steps: before.steps.filter(acts).map(left), ends: status }
  const teller: Teller = { zone: viewAfter.wedding?.zone ?? viewAfter.vendor.zone, now }
  const old = new Map(before.steps.map((step) => [keyOf(step), step]))
  const { choices = {} } = options
  const chosen = chosenSteps(choices, () => forecastAfter(graph, run, { ...event, choices }, viewAfter, how))
  const steps = after.steps
    .filter((step) => acts(step) || needsYou(step) !== undefined)
    .map((step) => ({
      ...compare(graph, old.get(keyOf(step)), step, viewAfter, teller, now),
      chosen: choices[step.node] ? (chosen.get(keyOf(step)) ?? null) : null,
    }))
  const kept = new Set(after.steps.map(keyOf))
  const others = before.steps.filter((step) => acts(step) && !kept.has(keyOf(step))).map(left)
  return { steps: [...steps, ...others], ends: null }
}

const isOff = ({ wedding }: View): boolean => wedding?.status === 'cancelled'

function chosenSteps(
  choices: Choices,
  ahead: () => { readonly steps: readonly FutureStep[] },
): Map<string, NonNullable<MovedStep['chosen']>> {
  if (Object.keys(choices).length === 0) return new Map()
  return new Map(
    ahead().steps.map((step) => {
      const is = step.what === 'skip' ? 'left_out' : isHanded(step) ? 'task' : 'goes'
      return [keyOf(step), { is, to: step.at }] as const
    }),
  )
}

const isHanded = (step: FutureStep): boolean =>
  step.kind !== 'action' && step.because.some((one) => one.code === 'task_opened')

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

const gone = (step: FutureStep, zone: Zone): MovedStep => ({
  node: step.node,
  visit: step.visit,
  name: step.name,
  kind: step.kind,
  is: 'left_out',
  from: step.at,
  to: null,
  zone,
  why: 'They do not come to this step any more.',
  choices: [],
  chosen: null,
})

const CHOICES: { readonly [Code in DecisionCode]?: MovedStep['choices'] } = {
  needs_you: ['follow', 'keep', 'skip'],
  late_task: ['send_now', 'merge', 'task', 'skip'],
  deadline_missed: ['send_now', 'task', 'skip'],
  windows_unsettled: ['send_now', 'task', 'skip'],
}

const needsYou = (step: FutureStep): Decision | undefined =>
  step.because.findLast((one) => CHOICES[one.code] !== undefined)

const LEFT_OUT: ReadonlySet<DecisionCode> = new Set(['late_skipped', 'quiet_skipped', 'cap_skipped'])

function compare(
  graph: Graph,
  old: FutureStep | undefined,
  step: FutureStep,
  view: View,
  teller: Teller,
  now: Instant,
): Omit<MovedStep, 'chosen'> {
  const { node, visit, name, kind } = step
  const from = old?.at ?? null
  const zone = zoneOfStep(graph, node, view)
  const same = { node, visit, name, kind, from, zone }
  const asks = needsYou(step)
  // What needed a person before the move needs one still; it is not the move that asks.
  const asked = old === undefined ? undefined : needsYou(old)
  if (asks !== undefined && asks.code !== asked?.code)
    return {
      ...same,
      is: 'needs_you',
      to: step.at,
      why: sentenceOf(asks, teller),
      choices: CHOICES[asks.code] ?? [],
    }
  const skipped = step.because.findLast((one) => LEFT_OUT.has(one.code))
  if (step.what === 'skip' && old?.what !== 'skip' && skipped)
    return {
      ...same,
      is: 'left_out',
      to: null,
      why: sentenceOf(skipped, teller),
      choices: skipped.code === 'late_skipped' ? ['skip', 'send_now', 'task'] : [],
    }
  const why = step.because.findLast(
    (one) => one.code === 'nominal' || one.code === 'anchor_unknown' || one.code.startsWith('late_'),
  )
  const told = why === undefined ? '' : sentenceOf(why, teller)
  if (old === undefined) return { ...same, is: 'new', to: step.at, why: told, choices: ['follow', 'skip'] }
  const is = from === step.at ? 'stays' : 'moves'
  const mayKeep = from !== null && from > now && momentOf(graph, node) !== null
  // Its rule wants to be asked, or to stay: also where it is further on the way and nothing is decided of it yet.
  const own = graph.node(node)
  const policy = own && 'move' in own ? own.move : undefined
  const isConcerned = is === 'moves' || step.because.some(({ code }) => code === 'stays')
  if (isConcerned && mayKeep && (policy === 'ask' || policy === 'keep'))
    return {
      ...same,
      is: 'needs_you',
      to: step.at,
      why: ASKS[policy],
      choices: policy === 'keep' ? ['keep', 'follow', 'skip'] : ORDINARY,
    }
  const choices = is === 'stays' ? [] : mayKeep ? ORDINARY : WITHOUT_MOMENT
  return { ...same, is, to: step.at, why: told, choices }
}

const ASKS = {
  ask: 'The step asks what becomes of it when the date moves.',
  keep: 'The step does not follow the date by itself.',
} as const
const ORDINARY = ['follow', 'keep', 'skip'] as const
const WITHOUT_MOMENT = ['follow', 'skip'] as const
