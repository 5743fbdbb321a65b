import { ANYBODY, type Asked } from '../answering.ts'
import type { NodeId } from '../ids.ts'
import { type Graph, type Node, waysFrom } from '../journey/graph.ts'
import { reachable } from '../journey/walk.ts'
import type { Instant } from '../time/instant.ts'
import { begin } from './advance.ts'
import { decidedBy } from './decided-by.ts'
import type { Decision, DecisionCode } from './decision.ts'
import { dueOfToken } from './draft.ts'
import type { OutsideEvent } from './event.ts'
import { type Forecast, type ForecastOptions, type FutureStep, forecast, forecastNew } from './forecast.ts'
import type { LogRow } from './log-row.ts'
import { isFinished, type Run, type Token } from './run.ts'
import { holdInWords, plannedAnew, sentenceOf } from './sentences.ts'
import { titleOf } from './step-title.ts'
import { type Teller, tellAnchor, tellAt, tellEvent, tellPeople } from './teller.ts'
import type { View } from './view.ts'

/**
 * Why they did or did not hear from you: for every step of one couple's journey exactly one answer, with the
 * evidence it rests on and the place where it can be changed. The past is told by the log, the present by
 * where the run stands, the future by the forecast.
 */
export type Explanation = {
  readonly node: NodeId
  readonly is:
    | 'sent'
    | 'will_be_sent'
    | 'not_sent'
    | 'waiting_for'
    | 'held'
    | 'skipped'
    | 'failed'
    | 'done'
    | 'not_reached'
  readonly sentence: string
  readonly at: Instant | null
  readonly evidence: readonly Evidence[]
  readonly decidedBy: string
}
export type Evidence = {
  readonly code: DecisionCode
  readonly sentence: string
  readonly values: NonNullable<Decision['values']>
}

export type ExplainOptions = {
  /** The forecast of this run, where the caller has made it: otherwise it is made here. */
  readonly ahead?: Forecast
  readonly names?: { readonly [ref: string]: string }
  /** The run could not take its turn and was set aside until then: why, where that is known. */
  readonly aside?: { readonly until: Instant; readonly why: string | null }
}

export function explain(
  graph: Graph,
  run: Run,
  log: readonly LogRow[],
  view: View,
  now: Instant,
  options: ExplainOptions = {},
): Explanation[] {
  const ahead = options.ahead ?? forecast(graph, run, view, now)
  return tell(graph, run, log, view, now, ahead, options)
}

/** Of a couple who has not begun: what each step would do and why, as if the journey began now by this event. */
export function explainNew(
  graph: Graph,
  identity: Omit<Run, 'status' | 'state'>,
  by: OutsideEvent | null,
  view: View,
  now: Instant,
  options: Pick<ExplainOptions, 'names'> & ForecastOptions = {},
): Explanation[] {
  const { after, because } = begin(graph, identity, by, now, view, options.chosen)
  if (isFinished(after.status)) {
    const log: LogRow[] = [{ rev: 1, at: now, event: { is: 'started', at: now }, because }]
    return tell(graph, after, log, view, now, NOTHING_AHEAD, options)
  }
  const ahead = forecastNew(graph, identity, by, view, now, options)
  return tell(graph, { ...after, state: { ...after.state, tokens: [] } }, [], view, now, ahead, options)
}

export const NOTHING_AHEAD: Forecast = { steps: [], ended: null, truncated: false }

function tell(
  graph: Graph,
  run: Run,
  log: readonly LogRow[],
  view: View,
  now: Instant,
  ahead: Forecast,
  options: ExplainOptions,
): Explanation[] {
  const past = pastOf(log)
  const future = new Map<NodeId, FutureStep>()
  for (const step of ahead.steps) if (!future.has(step.node)) future.set(step.node, step)
  const zone = view.wedding?.zone ?? view.vendor.zone
  const teller: Teller = { zone, now, ...(options.names ? { names: options.names } : {}) }
  const aside = options.aside === undefined ? null : { ...options.aside, tokens: troubled(run, now) }
  const place: Place = { graph, run, view, teller, aside }
  const ids = reachable([graph.trigger.id, ...past.keys()], (id) => waysFrom(graph, id))
  const nodes = [...ids].map((id) => graph.node(id)).filter((node) => node !== undefined)
  return nodes.map((node) => explainNode(node, place, past.get(node.id), future.get(node.id)))
}

type Place = {
  readonly graph: Graph
  readonly run: Run
  readonly view: View
  readonly teller: Teller
  readonly aside: (NonNullable<ExplainOptions['aside']> & { readonly tokens: ReadonlySet<Token> }) | null
}

/** Where a run that was set aside had work to do; when nothing was due, what came by letter may concern every place. */
function troubled({ state: { tokens } }: Run, now: Instant): ReadonlySet<Token> {
  const due = tokens.filter((token) => (dueOfToken(token, now) ?? Number.POSITIVE_INFINITY) <= now)
  return new Set(due.length > 0 ? due : tokens)
}

/** The last visit of a node, as the log tells it. */
type Past = { readonly visit: number; at: Instant; readonly because: Decision[]; leftAt: Instant | null }
type Account = Pick<Explanation, 'is' | 'sentence' | 'at'> & { readonly because: readonly Decision[] }

function pastOf(log: readonly LogRow[]): Map<NodeId, Past> {
  const past = new Map<NodeId, Past>()
  for (const row of log) {
    for (const decision of row.because) {
      const { node, visit } = decision
      if (node === undefined || visit === undefined) continue
      let known = past.get(node)
      if (known === undefined || known.visit < visit) {
        known = { visit, at: row.at, because: [], leftAt: null }
        past.set(node, known)
      }
      if (known.visit !== visit) continue
      known.because.push(decision)
      known.at = row.at
      if (decision.code === 'left_by' || decision.code === 'ended' || decision.code === 'arm_cancelled')
        known.leftAt = row.at
    }
  }
  return past
}

function explainNode(
  node: Node,
  place: Place,
  past: Past | undefined,
  future: FutureStep | undefined,
): Explanation {
  const token = place.run.state.tokens.find((one) => one.at === node.id && one.side !== true)
  const account =
    token !== undefined
      ? standing(node, token, place, past, future)
      : past !== undefined
        ? over(node, place, past)
        : ahead(node, place, future)
  const deciding = decidingOf(account.because)
  return {
    node: node.id,
    is: account.is,
    sentence: account.sentence,
    at: account.at,
    evidence: account.because.map((one) => ({
      code: one.code,
      sentence: sentenceOf(one, place.teller),
      values: one.values ?? {},
    })),
    decidedBy: decidedBy(deciding, node, place.graph),
  }
}

// The present

function standing(
  node: Node,
  token: Token,
  place: Place,
  past: Past | undefined,
  future: FutureStep | undefined,
): Account {
  const { run, teller } = place
  const seen = past?.visit === token.visit ? past.because : []
  const because = seen.length > 0 ? seen : (future?.because ?? [])
  const holds = run.state.holds ?? []
  const planned = plannedFor(token)
  if (token.is === 'stuck') {
    return {
      is: 'failed',
      sentence: `"${titleOf(node)}" cannot go on: ${token.problem.message}`,
      at: token.since,
      because,
    }
  }
  if (place.aside?.tokens.has(token)) {
    const { until, why } = place.aside
    const what = node.kind === 'module' || node.name ? `"${titleOf(node)}"` : 'The journey'
    return {
      is: 'failed',
      sentence: `${what} could not go on here: something failed inside${why === null ? '' : ` (${why})`}. It is tried again on ${tellAt(until, teller)}; nothing of it is lost.`,
      at: teller.now,
      because,
    }
  }
  if (holds.length > 0 && token.is !== 'acting') {
    const until = planned === null ? '' : `; it was planned for ${tellAt(planned, teller)}`
    return {
      is: 'held',
      sentence: `"${titleOf(node)}" is held because ${holds.map(holdInWords).join(' and ')}${until}.`,
      at: planned,
      because,
    }
  }
  return { ...stands(node, token, place, because, future), because }
}

function plannedFor(token: Token): Instant | null {
  if (token.is === 'waiting') return token.due
  return token.is === 'awaiting' || token.is === 'gated' ? token.until : null
}

function stands(
  node: Node,
  token: Token,
  place: Place,
  because: readonly Decision[],
  future: FutureStep | undefined,
): Omit<Account, 'because'> {
  const { teller } = place
  const title = `"${titleOf(node)}"`
  switch (token.is) {
    case 'waiting': {
      if (token.due === null)
        return {
          is: 'waiting_for',
          sentence: `${title} waits for ${tellAnchor(token.anchor)}, which has no date yet.`,
          at: null,
        }
      if (token.for === 'snooze')
        return {
          is: 'waiting_for',
          sentence: `${title} is put off until ${tellAt(token.due, teller)}.`,
          at: token.due,
        }
      if (node.kind !== 'module')
        return {
          is: 'waiting_for',
          sentence: `${node.name ? title : 'The journey'} waits until ${tellAt(token.due, teller)}${reasonIn(because, teller)}.`,
          at: token.due,
        }
      const at = future?.at ?? token.due
      return { is: 'will_be_sent', sentence: willHear(title, future, at, because, teller), at }
    }
    case 'awaiting': {
      const what = node.kind === 'await' ? tellEvent(node.for.event) : 'an answer'
      const until = token.until === null ? '' : ` until ${tellAt(token.until, teller)}`
      return {
        is: 'waiting_for',
        sentence: `They have been asked; ${node.name ? title : 'the journey'} waits for ${what}${until}.`,
        at: token.until,
      }
    }
    case 'gated': {
      const until = token.until === null ? '' : ` until ${tellAt(token.until, teller)}`
      const sentence =
        token.by === 'approval'
          ? `${title} waits for ${YES_OF[askedForYes(node)]}${until}.`
          : `${title} waits for ${HANDS_OF[askedToAct(node)]} to do the task${until}.`
      return { is: 'waiting_for', sentence, at: token.until }
    }
    case 'acting':
      return { is: 'will_be_sent', sentence: `${title} is on its way.`, at: teller.now }
    case 'joining':
      return { is: 'waiting_for', sentence: `${title} waits for the other branches.`, at: null }
    case 'ready':
      return { is: 'waiting_for', sentence: `${title} is next.`, at: teller.now }
    case 'stuck':
      return { is: 'failed', sentence: token.problem.message, at: token.since }
  }
}

function willHear(
  title: string,
  future: FutureStep | undefined,
  at: Instant,
  because: readonly Decision[],
  teller: Teller,
): string {
  if (future !== undefined && future.what === 'skip')
    return `${title} will be left out on ${tellAt(at, teller)}${reasonIn(future.because, teller)}.`
  const who = tellPeople(future?.recipients ?? [], teller)
  const verb = /^both | and |^the couple$/.test(who) ? 'get' : 'gets'
  return `${upper(who === 'the couple' ? 'they' : who)} ${verb} ${title} on ${tellAt(at, teller)}${reasonIn(because, teller)}.`
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

// The past

/** What decides how a visit is told, the strongest first. */
const OUTCOMES: readonly (readonly [DecisionCode, Explanation['is']])[] = [
  ['skipped_by_person', 'skipped'],
  ['approval_skipped', 'skipped'],
  ['sent', 'sent'],
  ['unresolved', 'failed'],
  ['refused', 'failed'],
  ['suppressed', 'not_sent'],
  ['no_address', 'not_sent'],
  ['no_consent', 'not_sent'],
  ['no_recipient', 'not_sent'],
  ['late_skipped', 'skipped'],
  ['quiet_skipped', 'skipped'],
  ['cap_skipped', 'skipped'],
  ['late_merged', 'skipped'],
  ['cap_merged', 'skipped'],
  ['approval_timed_out', 'not_sent'],
  ['arm_cancelled', 'skipped'],
]

function over(node: Node, place: Place, past: Past): Account {
  const { teller, run } = place
  const { because } = past
  const at = past.leftAt ?? past.at
  const title = `"${titleOf(node)}"`
  const unbegun = because.find((one) => one.code === 'trigger_filter_failed')
  if (unbegun !== undefined) return { is: 'skipped', sentence: sentenceOf(unbegun, teller), at, because }
  const found = OUTCOMES.find(([code]) => because.some((one) => one.code === code))
  const isMessage = node.kind === 'module'
  const handed = because.find((one) => one.code === 'task_opened' && one.values?.why !== 'journey')
  if (handed !== undefined && found?.[1] !== 'sent') {
    return {
      is: 'not_sent',
      sentence: `${title} ${isMessage ? 'was not sent' : 'was not done'} by itself: ${lower(sentenceOf(handed, teller))}`,
      at,
      because,
    }
  }
  if (found === undefined) {
    if (past.leftAt === null && isFinished(run.status)) {
      return {
        is: isMessage ? 'not_sent' : 'done',
        sentence: `The journey ended while ${title} waited.`,
        at,
        because,
      }
    }
    const deciding = decidingOf(because)
    const reason =
      deciding === undefined || deciding.code === 'nominal' ? '' : `: ${lower(sentenceOf(deciding, teller))}`
    return {
      is: 'done',
      sentence: reason === '' ? `${title} was passed on ${tellAt(at, teller)}.` : `${title}${reason}`,
      at,
      because,
    }
  }
  const [code, is] = found
  if (is === 'sent') {
    const people = because.flatMap((one) =>
      one.code === 'planned' && typeof one.values?.to === 'string' ? [one.values.to] : [],
    )
    return {
      is,
      sentence: `${upper(tellPeople(people, teller))} got ${title} on ${tellAt(at, teller)}.`,
      at,
      because,
    }
  }
  const decision = because.findLast((one) => one.code === code)!
  const what = { skipped: 'was left out', failed: 'failed', not_sent: 'was not sent' }[
    is as 'skipped' | 'failed' | 'not_sent'
  ]
  return { is, sentence: `${title} ${what}: ${lower(sentenceOf(decision, teller))}`, at, because }
}

/** A sentence that goes on behind a colon: only words of ours are made small, never a name. */
const OPENS = /^(It|Its|They|Nobody|Somebody|A|An|The|There|This|You|No|None|By|Another|From|All|Nothing) /
const lower = (text: string): string =>
  OPENS.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

// The future

function ahead(node: Node, place: Place, future: FutureStep | undefined): Account {
  const { run, teller } = place
  const title = `"${titleOf(node)}"`
  const because = (future?.because ?? []).filter(({ code }) => !ONLY_WHEN_DONE.has(code))
  if (future === undefined || future.at === null) {
    if (future !== undefined)
      return {
        is: 'not_reached',
        sentence: `Nobody can say yet when they come to ${title}.`,
        at: null,
        because,
      }
    if (run.status === 'completed')
      return {
        is: 'not_reached',
        sentence: `They did not come to ${title}; the journey is over.`,
        at: null,
        because,
      }
    if (isFinished(run.status))
      return { is: 'not_reached', sentence: `The journey ended before ${title}.`, at: null, because }
    const why = (run.state.holds ?? []).length > 0 ? ' while the journey is held' : ', as things stand'
    return { is: 'not_reached', sentence: `They do not come to ${title}${why}.`, at: null, because }
  }
  const condition = future.assumes.length === 0 ? '' : `, if ${future.assumes.at(-1)}`
  if (future.what === 'send') {
    return {
      is: 'will_be_sent',
      sentence: withCondition(willHear(title, future, future.at, because, teller), condition),
      at: future.at,
      because,
    }
  }
  if (future.what === 'skip' || future.what === 'merge') {
    const how = future.what === 'skip' ? 'will be left out' : 'will be told inside the next message'
    return {
      is: 'not_sent',
      sentence: `${title} ${how} on ${tellAt(future.at, teller)}${condition}.`,
      at: future.at,
      because,
    }
  }
  return {
    is: 'not_reached',
    sentence: `They come to ${title} on ${tellAt(future.at, teller)}${condition}.`,
    at: future.at,
    because,
  }
}

/** A forecast lives through the step: what it found out that way has not happened. */
const ONLY_WHEN_DONE: ReadonlySet<DecisionCode> = new Set([
  'due',
  'sent',
  'left_by',
  'ended',
  'woken',
  'timed_out',
])

const withCondition = (sentence: string, condition: string): string => `${sentence.slice(0, -1)}${condition}.`

// What decided

/** Steps of the walk are evidence, but nobody changes a setting because of them. */
const STRUCTURE: ReadonlySet<DecisionCode> = new Set([
  'left_by',
  'ended',
  'waits',
  'due',
  'planned',
  'sent',
  'entered',
  'joined',
  'join_waits',
])

const askedForYes = (node: Node): Asked =>
  (node.kind === 'approval' ? node.by : node.kind === 'module' ? node.approval?.by : undefined) ?? ANYBODY
const askedToAct = (node: Node): Asked =>
  (node.kind === 'action' && 'task' in node.do ? node.do.task.role : undefined) ?? ANYBODY
const YES_OF: { readonly [asked in Asked]: string } = {
  owner: 'the owner’s yes',
  manager: 'a manager’s yes',
  assistant: 'your yes',
}
const HANDS_OF: { readonly [asked in Asked]: string } = {
  owner: 'the owner',
  manager: 'a manager',
  assistant: 'you',
}

const decidingOf = (because: readonly Decision[]): Decision | undefined =>
  because.findLast((one) => !STRUCTURE.has(one.code))

/** The rule and what moved it, said behind a moment: ", 28 days before wedding at 10:00; you work a wedding on Sat …". */
function reasonIn(because: readonly Decision[], teller: Teller): string {
  const nominal = because.findLast((one) => one.code === 'nominal')
  const replanned = because.findLastIndex(
    (one) => one.code === 'moves' && plannedAnew(one.values?.why) !== null,
  )
  // What had moved it before counts no more.
  const moves = because.slice(Math.max(0, replanned)).filter((one) => MOVED.has(one.code))
  const moved = moves.map((one, index) => {
    const said = lower(sentenceOf(one, teller)).slice(0, -1)
    // Where the last of them led to is the moment that stands at the head of the sentence.
    return index === moves.length - 1 && one.code !== 'deadline_wins'
      ? said.replace(/, so it goes (?:on|at) (?!once).*$/, '')
      : said
  })
  const rule =
    nominal === undefined
      ? []
      : [sentenceOf(nominal, teller).replace(/^The rule is "(.*)": .*$/, 'by the rule "$1"')]
  const anew = plannedAnew(because[replanned]?.values?.why)
  const parts = new Set([...rule, ...moved, ...(anew === null ? [] : [`planned anew because ${anew}`])])
  return parts.size === 0 ? '' : `, ${[...parts].join('; ')}`
}
const MOVED: ReadonlySet<DecisionCode> = new Set([
  'free_day',
  'business_day',
  'quiet_hours',
  'capped',
  'deadline_wins',
  'late_sent_now',
  'late_compressed',
  'overtaken',
  'late_skipped',
])
