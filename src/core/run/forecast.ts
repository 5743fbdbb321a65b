import type { Json, NodeId } from '../ids.ts'
import type { Graph, Node } from '../journey/graph.ts'
import { DAY_MS, type Instant, plusMs } from '../time/instant.ts'
import { advance, begin } from './advance.ts'
import { type Ahead, foreseeAll, runAhead, settle, type Walker } from './ahead.ts'
import type { Behaviour } from './behaviour.ts'
import type { Decision } from './decision.ts'
import { dueOfToken } from './draft.ts'
import type { Effect } from './effect.ts'
import type { OutsideEvent, RunEvent } from './event.ts'
import { type Chosen, isFinished, type Run, type RunStatus, type Token } from './run.ts'
import { titleOf } from './step-title.ts'
import { tellEvent, tellReasons } from './teller.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'

/**
 * What will happen to a couple: the very functions that decide, run ahead on a clock of their own. Every step
 * says when, what, to whom, why, and what it takes for granted.
 */
export type FutureStep = {
  readonly node: NodeId
  readonly visit: number
  readonly kind: Node['kind']
  readonly name: string
  /** When it acts, ends or is passed; null when nobody can say (a date is to be confirmed, a task waits). */
  readonly at: Instant | null
  readonly recipients: readonly string[]
  readonly what: What
  /** What had to be taken for granted to come this far: answers, approvals, how decisions will fall. */
  readonly assumes: readonly string[]
  readonly because: readonly Decision[]
}

export type What =
  | 'send'
  | 'wait'
  | 'task'
  | 'approval'
  | 'change'
  | 'decide'
  /** Left out, or told inside a later message. */
  | 'skip'
  | 'merge'
  | 'end'

export type Forecast = {
  readonly steps: readonly FutureStep[]
  /** How the run ends, if it does before the bounds. */
  readonly ended: { readonly at: Instant; readonly status: RunStatus } | null
  /** There is more, beyond the bounds of time or steps. */
  readonly truncated: boolean
}

export type ForecastOptions = {
  readonly until?: Instant
  readonly assume?: Behaviour
  readonly stepsMax?: number
  /** Of a journey that has not begun: what a person wants of its late steps. */
  readonly chosen?: Chosen
}

export const FORECAST_YEARS_MAX = 10
export const FORECAST_STEPS_MAX = 2_000

/** From where a run stands now. `now` is the moment the forecast is made: nothing in it lies before. */
export function forecast(
  graph: Graph,
  run: Run,
  view: View,
  now: Instant,
  options: ForecastOptions = {},
): Forecast {
  if (isFinished(run.status)) return { steps: [], ended: null, truncated: false }
  const standing = run.status === 'paused' ? null : dueOf(run, now)
  const walker: Walker = { graph, run, due: standing }
  const ahead: Ahead = {
    walkers: [walker],
    view,
    behaviour: options.assume ?? { is: 'never' },
    pending: [],
    now,
  }
  const steps = new StepBook(graph, run)
  foreseeAll(ahead, walker)
  return follow(ahead, walker, steps, options)
}

/** As if this event came now: what a move, a command or an answer would change, without changing it. */
export function forecastAfter(
  graph: Graph,
  run: Run,
  event: RunEvent,
  view: View,
  options: ForecastOptions = {},
): Forecast & { readonly turn: Turn } {
  const walker: Walker = { graph, run, due: null }
  const ahead: Ahead = {
    walkers: [walker],
    view,
    behaviour: options.assume ?? { is: 'never' },
    pending: [],
    now: event.at,
  }
  const steps = new StepBook(graph, run)
  const turn = advance(graph, run, event, view)
  foreseeAll(ahead, walker)
  settle(ahead, walker, event, turn, (_, one, told) => steps.take(one, told))
  return { ...follow(ahead, walker, steps, options), turn }
}

/** Of a couple who has not begun: as if the journey began now, by this event. */
export function forecastNew(
  graph: Graph,
  identity: Omit<Run, 'status' | 'state'>,
  by: OutsideEvent | null,
  view: View,
  now: Instant,
  options: ForecastOptions = {},
): Forecast {
  const turn = begin(graph, identity, by, now, view, options.chosen)
  const nowhere: Run = { ...turn.after, state: { ...turn.after.state, tokens: [] } }
  const walker: Walker = { graph, run: nowhere, due: null }
  const ahead: Ahead = {
    walkers: [walker],
    view,
    behaviour: options.assume ?? { is: 'never' },
    pending: [],
    now,
  }
  const steps = new StepBook(graph, nowhere)
  settle(ahead, walker, { is: 'due', at: now }, turn, (_, event, told) => steps.take(event, told))
  return follow(ahead, walker, steps, options)
}

function follow(ahead: Ahead, walker: Walker, steps: StepBook, options: ForecastOptions): Forecast {
  const from = ahead.now
  const latest = plusMs(from, FORECAST_YEARS_MAX * 365 * DAY_MS)
  const until = options.until !== undefined && options.until < latest ? options.until : latest
  const turnsMax = options.stepsMax ?? FORECAST_STEPS_MAX
  const whole = runAhead(ahead, { until, turnsMax }, (_, event, turn) => steps.take(event, turn))
  const isOver = isFinished(walker.run.status)
  return {
    steps: steps.close(walker.run),
    ended: isOver ? { at: ahead.now, status: walker.run.status } : null,
    truncated: !whole || (!isOver && (walker.due !== null || ahead.pending.length > 0)),
  }
}

function dueOf(run: Run, now: Instant): Instant | null {
  let due: Instant | null = null
  for (const token of run.state.tokens) {
    const own = dueOfToken(token, now)
    if (own !== null && (due === null || own < due)) due = own
  }
  return due !== null && due < now ? now : due
}

// From turns to steps

type Open = {
  readonly node: NodeId
  readonly visit: number
  at: Instant | null
  what: What
  readonly recipients: string[]
  readonly because: Decision[]
  assumes: readonly string[]
}

/**
 * Turns tell what happened in decisions; people read steps. A step is all that is decided of one visit of a
 * node, from the first link of its wait until it is left.
 */
class StepBook {
  private readonly graph: Graph
  private readonly open = new Map<string, Open>()
  private readonly done: FutureStep[] = []
  /** Assumptions on their way to the next node, in the order in which they will be entered. */
  private readonly carried = new Map<NodeId, (readonly string[])[]>()

  constructor(graph: Graph, run: Run) {
    this.graph = graph
    for (const token of run.state.tokens) if (token.visit > 0) this.openFor(token.at, token.visit)
  }

  take(event: RunEvent, turn: Turn): void {
    for (const decision of turn.because) this.read(decision, event.at)
    for (const effect of turn.effects) this.readEffect(effect, event.at)
    // A step left in this very turn has its effects by now.
    for (const step of [...this.open.values()]) if (isLeft(step)) this.closeStep(step)
  }

  /** What is still open is where the run will stand: known until when, or not. */
  close(run: Run): readonly FutureStep[] {
    for (const token of run.state.tokens) {
      const step = this.open.get(`${token.at}|${token.visit}`)
      if (step) step.at = standsUntil(token)
    }
    for (const step of this.open.values()) this.done.push(this.present(step))
    return this.done.sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY))
  }

  private openFor(node: NodeId, visit: number): Open {
    const key = `${node}|${visit}`
    const known = this.open.get(key)
    if (known) return known
    const kind = this.graph.node(node)?.kind
    const waiting = this.carried.get(node)
    const step: Open = {
      node,
      visit,
      at: null,
      what: kind === undefined ? 'wait' : ORDINARY[kind],
      recipients: [],
      because: [],
      assumes: waiting?.shift() ?? [],
    }
    this.open.set(key, step)
    return step
  }

  private read(decision: Decision, at: Instant): void {
    if (decision.node === undefined || decision.visit === undefined || decision.visit === 0) return
    const step = this.openFor(decision.node, decision.visit)
    step.because.push(decision)
    const assumption = assumedBy(decision, this.graph)
    if (assumption !== null) step.assumes = [...step.assumes, assumption]
    switch (decision.code) {
      case 'planned':
        step.at = at
        if (typeof decision.values?.to === 'string') step.recipients.push(decision.values.to)
        return
      case 'late_merged':
      case 'cap_merged':
        step.what = 'merge'
        step.at = at
        return
      case 'late_skipped':
      case 'quiet_skipped':
      case 'cap_skipped':
      case 'failed_step':
      case 'skipped_by_person':
      case 'approval_skipped':
      case 'approval_timed_out':
        if (step.what === 'approval') return
        step.what = 'skip'
        step.at = at
        return
      case 'task_opened':
        step.what = 'task'
        step.at ??= at
        return
      case 'approval_asked':
        step.at ??= at
        return
      case 'forked':
        return this.carryIntoArms(step, at)
      case 'overtaken':
        return this.carryOn(step, decision.values?.to)
      case 'left_by':
      case 'ended':
        step.at ??= at
        return this.carryOn(step, decision.values?.to)
      default:
        return
    }
  }

  private carryOn(step: Open, to: Json | undefined): void {
    if (typeof to !== 'string') return
    const node = to as NodeId
    const waiting = this.carried.get(node)
    if (waiting) waiting.push(step.assumes)
    else this.carried.set(node, [step.assumes])
  }

  private carryIntoArms(step: Open, at: Instant): void {
    step.at = at
    const node = this.graph.node(step.node)
    const exits = node ? this.graph.exits(node) : []
    const arms = step.because.at(-1)?.values?.arms
    const times = node?.kind === 'fork' && node.each && typeof arms === 'number' ? arms : 1
    for (const exit of exits)
      for (let i = 0; i < times; i++) this.carryOn(step, this.graph.next(step.node, exit))
    this.closeStep(step)
  }

  private readEffect(effect: Effect, at: Instant): void {
    if (effect.do !== 'send') return
    const step = this.open.get(`${effect.node}|${effect.visit}`)
    if (step && step.what !== 'send' && step.what !== 'change') step.what = 'send'
    if (step) step.at = at
  }

  private closeStep(step: Open): void {
    this.open.delete(`${step.node}|${step.visit}`)
    this.done.push(this.present(step))
  }

  private present(step: Open): FutureStep {
    const node = this.graph.node(step.node)
    const { node: id, visit, at, what, recipients, because, assumes } = step
    return {
      node: id,
      visit,
      kind: node?.kind ?? 'end',
      name: node ? titleOf(node) : id,
      at,
      recipients,
      what,
      assumes,
      because,
    }
  }
}

const ORDINARY: { readonly [Kind in Node['kind']]: What } = {
  trigger: 'wait',
  module: 'send',
  delay: 'wait',
  await: 'wait',
  condition: 'decide',
  split: 'decide',
  action: 'change',
  approval: 'approval',
  fork: 'decide',
  join: 'wait',
  goal: 'end',
  end: 'end',
}

const isLeft = (step: Open): boolean =>
  step.because.some(
    ({ code }) =>
      code === 'left_by' || code === 'ended' || code === 'goal_reached' || code === 'arm_cancelled',
  )

function standsUntil(token: Token): Instant | null {
  if (token.is === 'waiting') return token.due
  return token.is === 'awaiting' || token.is === 'gated' ? token.until : null
}

/** What every step after this decision takes for granted, in words. */
function assumedBy(decision: Decision, graph: Graph): string | null {
  const node = decision.node === undefined ? undefined : graph.node(decision.node)
  if (!node) return null
  const name = titleOf(node)
  switch (decision.code) {
    case 'woken':
      return node.kind === 'await' ? `${tellEvent(node.for.event)} comes in time (${name})` : null
    case 'timed_out':
      return node.kind === 'await' ? `${tellEvent(node.for.event)} does not come in time (${name})` : null
    case 'approved':
      return `somebody says yes (${name})`
    case 'approval_timed_out':
      return `nobody says yes or no (${name})`
    case 'task_done':
      return `the task is done (${name})`
    case 'case_chosen':
    case 'otherwise_chosen':
      return tellReasons(decision.values?.why)
    default:
      return null
  }
}
