import type { NodeId, RunId, VendorId } from '../core/ids.ts'
import { returnedWhy, sayReturned } from '../core/returned-mail.ts'
import type { Decision } from '../core/run/decision.ts'
import { dueOfToken } from '../core/run/draft.ts'
import { type ExplainOptions, type Explanation, explain, NOTHING_AHEAD } from '../core/run/explain.ts'
import { type Forecast, type FutureStep, forecast } from '../core/run/forecast.ts'
import type { LogRow } from '../core/run/log-row.ts'
import type { Token } from '../core/run/run.ts'
import { sentenceOf } from '../core/run/sentences.ts'
import { titleOf } from '../core/run/step-title.ts'
import { zoneOfStep } from '../core/run/step-zone.ts'
import type { Teller } from '../core/run/teller.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import type { Sql } from '../ports.ts'
import { type GateRef, type OpenGate, openGates } from '../store/asked.ts'
import { failedInside } from '../store/notices.ts'
import { type LoggedLine, logsOfRuns, messagesOfRuns, type SentLine } from '../store/run-pages.ts'
import { readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { type Loaded, loadRuns } from './turns.ts'

/**
 * One couple's whole story: what happened, told by the log and the messages; what is planned, told by the forecast.
 * Every row has its why in words, and the decisions it rests on.
 */
export type Names = { readonly [ref: string]: string }
export type TimelineRow = {
  readonly run: RunId
  readonly journey: string
  readonly node: string
  readonly name: string
  readonly kind: string
  readonly type: string | null
  /** The phase of the journey it belongs to, where its author named one. */
  readonly phase: string | null
  readonly token: number | null
  readonly zone: Zone
  readonly side: 'past' | 'planned'
  readonly at: Instant | null
  readonly is: string
  readonly sentence: string
  readonly because: readonly { readonly code: string; readonly sentence: string }[]
  readonly assumes: readonly string[]
  readonly decidedBy: string
  readonly messages: readonly string[]
  /** What waits for a person here. */
  readonly waits: Omit<OpenGate, 'run_id'> | null
}
export type Told = {
  readonly loaded: Loaded
  readonly teller: Teller
  readonly steps: readonly Explanation[]
  readonly ahead: Forecast
}

export async function explainRuns(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  runs: readonly RunId[],
  names: Names,
): Promise<(Told & { readonly log: readonly LogRow[] })[]> {
  if (runs.length === 0) return []
  const [rows, lines] = await Promise.all([
    readRuns(
      sql,
      runs.map((run) => ({ vendor, run })),
    ),
    logsOfRuns(sql, vendor, runs),
  ])
  const logs = Map.groupBy(lines, (line) => line.run_id)
  const all = await loadRuns(engine, sql, now, rows)
  const aside = await asideAmong(sql, now, vendor, all)
  return all.map((loaded) => {
    const log = (logs.get(loaded.run.id) ?? []).map(readBack)
    const { graph, run, view } = loaded
    const zone = view.wedding?.zone ?? view.vendor.zone
    const trouble = aside.get(run.id)
    const ahead = trouble ? aheadOfTrouble(loaded, now) : aheadOf(loaded, now)
    const steps = explain(graph, run, log, view, now, {
      names,
      ahead,
      ...(trouble ? { aside: trouble } : {}),
    })
    return { loaded, log, teller: { zone, now, names }, steps, ahead }
  })
}

const aheadOf = ({ graph, run, view }: Loaded, now: Instant): Forecast =>
  forecast(graph, run, view, now, { assume: TEAM_AT_WORK })

/** What keeps a run from its turn may keep it from being run ahead as well: then nobody can say what follows. */
function aheadOfTrouble(loaded: Loaded, now: Instant): Forecast {
  try {
    return aheadOf(loaded, now)
  } catch {
    return NOTHING_AHEAD
  }
}

type Aside = NonNullable<ExplainOptions['aside']>

/** Runs that were set aside: their row falls due later than what they have to do, and a notice says why. */
async function asideAmong(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  all: readonly Loaded[],
): Promise<ReadonlyMap<RunId, Aside>> {
  const untilOf = new Map(
    all.flatMap(({ row, run, letters }): [RunId, Instant][] => {
      const isDue = run.state.tokens.some(
        (token) => (dueOfToken(token, now) ?? Number.POSITIVE_INFINITY) <= now,
      )
      const hasWork = letters.length > 0 || isDue
      return hasWork && row.due_at !== null && row.due_at > now ? [[run.id, row.due_at]] : []
    }),
  )
  if (untilOf.size === 0) return new Map()
  const found = await failedInside(sql, vendor, [...untilOf.keys()])
  return new Map(found.map(({ run_id, error }) => [run_id, { until: untilOf.get(run_id)!, why: error }]))
}

const readBack = (line: LoggedLine): LogRow => ({
  rev: line.rev,
  at: line.at,
  event: JSON.parse(line.event) as LogRow['event'],
  because: JSON.parse(line.because) as Decision[],
})

export async function timelineOf(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  runs: readonly RunId[],
  names: Names,
): Promise<TimelineRow[]> {
  const [told, sent] = await Promise.all([
    explainRuns(engine, sql, now, vendor, runs, names),
    messagesOfRuns(sql, vendor, runs),
  ])
  const byRun = Map.groupBy(sent, (one) => one.run_id)
  const gates = await openGates(sql, vendor, told.flatMap(gatesOf))
  const gateOf = new Map(gates.map(({ run_id, ...one }) => [`${run_id} ${one.name}`, one]))
  return told
    .flatMap((one) => [
      ...pastOf(one, one.log, byRun.get(one.loaded.run.id) ?? []),
      ...plannedOf(one, (gate) => gateOf.get(`${one.loaded.run.id} ${gate}`) ?? null),
    ])
    .sort((a, b) => (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER))
}

const gatesOf = ({ loaded: { run } }: Told): GateRef[] =>
  run.state.tokens.flatMap((token) => (token.is === 'gated' ? [{ run: run.id, name: token.gate }] : []))

const OVER: ReadonlySet<Explanation['is']> = new Set(['sent', 'not_sent', 'skipped', 'failed', 'done'])

/** Each visit of a step that is over: a reminder that went out three times is three rows. */
function pastOf(one: Told, log: readonly LogRow[], sent: readonly SentLine[]): TimelineRow[] {
  const { loaded, teller, steps } = one
  const explained = new Map(steps.map((step) => [step.node, step]))
  const rows: TimelineRow[] = []
  for (const [key, visit] of visitsIn(log)) {
    const node = loaded.graph.node(visit.node)
    const account = explained.get(visit.node)
    const isLast = visit.number === loaded.run.state.visits[visit.node]
    if (!node || !account || (isLast && !OVER.has(account.is))) continue
    const messages = sent.filter((message) => `${message.node}|${message.visit}` === key)
    const because = visit.because.map((decision) => ({
      code: decision.code,
      sentence: sentenceOf(decision, teller),
    }))
    rows.push({
      run: loaded.run.id,
      journey: loaded.graph.journey.name,
      node: visit.node,
      name: titleOf(node),
      kind: node.kind,
      type: node.kind === 'module' ? node.type : null,
      phase: phaseOf(loaded, visit.node),
      token: null,
      zone: zoneOfStep(loaded.graph, visit.node, loaded.view),
      side: 'past',
      at: (isLast ? account.at : null) ?? visit.at,
      ...cameBack(messages, {
        is: isLast ? account.is : messages.length > 0 ? 'sent' : 'done',
        sentence: isLast ? account.sentence : (because.at(-1)?.sentence ?? account.sentence),
      }),
      because,
      assumes: [],
      decidedBy: account.decidedBy,
      messages: messages.map((message) => message.effect_id),
      waits: null,
    })
  }
  return rows
}

/** What was sent and came back did not arrive: the run went on in good faith, but whoever looks must know. */
function cameBack(
  messages: readonly SentLine[],
  account: { readonly is: string; readonly sentence: string },
): { readonly is: string; readonly sentence: string } {
  const back = messages.flatMap(({ cause }) => returnedWhy(cause) ?? [])
  const [why] = back
  if (why === undefined || account.is !== 'sent') return account
  const some = back.length < messages.length
  const sentence = `${some ? 'To one of them it' : 'It'} was sent and came back: ${sayReturned(why)}.`
  return { is: some ? 'sent' : 'failed', sentence }
}

type Visit = { readonly node: NodeId; readonly number: number; at: Instant; readonly because: Decision[] }

function visitsIn(log: readonly LogRow[]): Map<string, Visit> {
  const visits = new Map<string, Visit>()
  for (const row of log)
    for (const decision of row.because) {
      const { node, visit: number } = decision
      if (node === undefined || number === undefined) continue
      const key = `${node}|${number}`
      const visit = visits.get(key) ?? { node, number, at: row.at, because: [] }
      visit.at = row.at
      visit.because.push(decision)
      visits.set(key, visit)
    }
  return visits
}

function plannedOf(
  { loaded, teller, steps, ahead }: Told,
  openGate: (name: string) => TimelineRow['waits'],
): TimelineRow[] {
  const explained = new Map(steps.map((step) => [step.node, step]))
  const told = new Set<NodeId>()
  return ahead.steps.filter(isSeen).map((step): TimelineRow => {
    const account = explained.get(step.node)
    const isFirst = !told.has(step.node) && account !== undefined && !OVER.has(account.is)
    told.add(step.node)
    const because = step.because.map((one) => ({ code: one.code, sentence: sentenceOf(one, teller) }))
    const token = isFirst ? standingAt(loaded, step) : undefined
    return {
      run: loaded.run.id,
      journey: loaded.graph.journey.name,
      node: step.node,
      name: step.name,
      kind: step.kind,
      type: typeOf(loaded, step.node),
      phase: phaseOf(loaded, step.node),
      token: token?.id ?? null,
      zone: zoneOfStep(loaded.graph, step.node, loaded.view),
      side: 'planned',
      at: step.at,
      is: isFirst ? account.is : step.what,
      sentence: isFirst ? account.sentence : because.map((one) => one.sentence).join(' '),
      because,
      assumes: step.assumes,
      decidedBy: account?.decidedBy ?? '',
      messages: [],
      waits: token?.is === 'gated' ? openGate(token.gate) : null,
    }
  })
}

/** What a step unfolds into belongs where the step does. */
const phaseOf = ({ graph }: Loaded, id: NodeId): string | null =>
  graph.journey.nodes.find((node) => node.id === id.split('.')[0])?.phase ?? null

function typeOf({ graph }: Loaded, id: NodeId): string | null {
  const node = graph.node(id)
  return node?.kind === 'module' ? node.type : null
}

const standingAt = ({ run }: Loaded, { node, visit }: FutureStep): Token | undefined =>
  run.state.tokens.find((token) => !token.side && token.at === node && token.visit === visit)

/** Nobody counts on an answer; that the vendor reads what waits for a yes is what a plan is made on. */
const TEAM_AT_WORK = { is: 'silent' } as const

/** What a couple or the vendor notices; decisions and inner waits are only on the way to it. */
const isSeen = ({ kind, what }: FutureStep): boolean =>
  kind === 'module' || what === 'task' || what === 'approval' || what === 'send' || what === 'wait'
