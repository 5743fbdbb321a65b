import type { ClientId, EventId, JourneyId, RunId, VendorId, WeddingId } from '../../../core/ids.ts'
import { errorsOf } from '../../../core/journey/check.ts'
import { graphOf, type Journey, type Registry } from '../../../core/journey/graph.ts'
import { parse } from '../../../core/journey/parse.ts'
import { BEHAVIOURS_OF_ONE } from '../../../core/run/behaviour.ts'
import { type FutureStep, forecastNew } from '../../../core/run/forecast.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { zoneOfStep } from '../../../core/run/step-zone.ts'
import { asIfMarriedOn, type View } from '../../../core/run/view.ts'
import { addDays } from '../../../core/time/calendar.ts'
import { DAY_MS, type Instant, plusMs } from '../../../core/time/instant.ts'
import type { LocalDate, Zone } from '../../../core/time/local.ts'
import { localDateOf } from '../../../core/time/zone.ts'
import { definitions } from '../../../modules/definitions.ts'
import { registryOf } from '../../../modules/registry.ts'
import { triggerTypes } from '../../../triggers/definitions.ts'
import { whyNotBegun, withBeginning } from '../designer/beginning.ts'
import { sentenceFor, type Told, type ToldStep } from '../designer/foretold.ts'
import type { Answering, WhenWedding } from '../designer/modes.ts'
import { nameOf } from '../designer/words.ts'

/** One couple's time run ahead in the browser, by the engine's own functions, with what one wonders about. */
const registry: Registry = registryOf(definitions, triggerTypes)

const DAYS: { readonly [when in WhenWedding]: number | null } = {
  as_it_is: null,
  in_5_days: 5,
  in_6_weeks: 42,
  in_14_months: 426,
}

export type SeenStep = {
  readonly key: string
  readonly node: string
  readonly name: string
  readonly kind: FutureStep['kind']
  readonly type: string | null
  readonly what: FutureStep['what']
  readonly at: Instant | null
  readonly zone: Zone
  readonly recipients: readonly string[]
  readonly why: string
  readonly assumes: readonly string[]
  readonly codes: readonly string[]
}
export type Warning = { readonly at: Instant | null; readonly key: string; readonly says: string }
export type Ahead = {
  readonly steps: readonly SeenStep[]
  /** The same, as the engine tells it. */
  readonly told: readonly ToldStep[]
  readonly warnings: readonly Warning[]
  readonly from: Instant
  readonly until: Instant
  readonly wedding: LocalDate | null
  readonly truncated: boolean
  /** Why the journey's own condition keeps them out, where it does. */
  readonly refused: string | null
  /** Null where the server looked. */
  readonly tookMs: number | null
}
export type Looked =
  | { readonly is: 'ahead'; readonly ahead: Ahead }
  | { readonly is: 'errors'; readonly count: number }
  /** This browser cannot count in calendars as the server does. */
  | { readonly is: 'unable' }

/** The day that "in six weeks" is; null where it stays as it is. */
export function weddingDay(view: View, now: Instant, when: WhenWedding): LocalDate | null {
  const days = DAYS[when]
  return days === null ? null : addDays(localDateOf(now, view.wedding?.zone ?? view.vendor.zone), days)
}

export function lookAhead(
  document: Journey,
  known: View,
  now: Instant,
  when: WhenWedding,
  answering: Answering,
  clock: () => number,
  /** What the server has told, where this browser may not say it itself. */
  foretold: Told | null = null,
): Looked {
  if (typeof Temporal === 'undefined') return { is: 'unable' }
  const began = clock()
  const parsed = parse(document)
  if (!parsed.ok) return { is: 'errors', count: parsed.problems.length }
  const errors = errorsOf(parsed.journey, registry)
  if (errors.length > 0) return { is: 'errors', count: errors.length }
  const graph = graphOf(parsed.journey, registry)
  const day = weddingDay(known, now, when)
  const view = day === null ? known : asIfMarriedOn(known, day)
  const { triggerType } = graph
  const type = triggerType.listensTo
  const by =
    triggerType.when || type === null || type === undefined
      ? null
      : { id: 'imagined' as EventId, type, at: now, data: {}, depth: 0 }
  const identity = {
    id: 'imagined' as RunId,
    vendor: view.vendor.id as VendorId,
    client: view.client.id as ClientId,
    wedding: (view.wedding?.id ?? 'imagined') as WeddingId,
    journey: 'imagined' as JourneyId,
    version: 1,
  }
  const seen: Told =
    foretold ?? forecastNew(graph, identity, by, view, now, { assume: BEHAVIOURS_OF_ONE[answering] })
  const told = {
    ...seen,
    steps: withBeginning(graph, seen.steps, { view, now, isTold: foretold !== null }),
  }
  const teller = { zone: view.wedding?.zone ?? view.vendor.zone, now }
  const steps = told.steps.map((step): SeenStep => {
    const node = graph.node(step.node)
    const decision = step.because.findLast(
      (one) => one.code.startsWith('late_') || one.code.endsWith('_chosen') || one.code === 'nominal',
    )
    return {
      key: `${step.node}|${step.visit}`,
      node: step.node,
      name: node ? nameOf(node) : step.name,
      kind: step.kind,
      type: node?.kind === 'module' ? node.type : null,
      what: step.what,
      at: step.at,
      zone: zoneOfStep(graph, step.node, view),
      recipients: step.recipients,
      why: decision ? sentenceFor(decision, teller) : '',
      assumes: step.assumes.map((one) => plainly(one, parsed.journey)),
      codes: step.because.map((one) => one.code),
    }
  })
  const value = view.anchors.wedding?.value ?? null
  const wedding = value === null || value.is === 'moment' ? null : value.on
  const last = steps.findLast((step) => step.at !== null)?.at ?? now
  return {
    is: 'ahead',
    ahead: {
      steps,
      told: told.steps,
      warnings: warningsOf(steps, wedding),
      from: now,
      until: plusMs(last, 2 * DAY_MS),
      wedding,
      truncated: told.truncated,
      refused: steps.length > 0 ? null : whyNotBegun(graph, [identity, by, view, now]),
      tookMs: foretold ? null : clock() - began,
    },
  }
}

/** "A booked meeting comes in time (Wait for a booked meeting)": only a name of its own tells more than that. */
const plainly = (told: string, { nodes }: Journey): string => {
  const said = nodes.find((node) => !node.name && told.endsWith(` (${titleOf(node)})`))
  return said ? told.slice(0, -` (${titleOf(said)})`.length) : told
}

const MESSAGES_A_DAY_MAX = 2
const CAUSES: { readonly [code: string]: string } = {
  no_address: 'somebody it is meant for has no address',
  no_consent: 'somebody it is meant for has not agreed to hear from you this way',
  no_recipient: 'nobody of this couple is meant by it',
  deadline_missed: 'its last moment has passed',
  windows_unsettled: 'no day and hour fits all the rules',
  late_skipped: 'it is left out, because its moment is past',
  late_task: 'its moment is past, so you get a task',
}

/** What one would not want, found in what would happen. */
export function warningsOf(steps: readonly SeenStep[], wedding: LocalDate | null): Warning[] {
  const sends = steps.filter((step) => step.what === 'send' && step.at !== null)
  const perDay = Map.groupBy(
    sends.flatMap((step) =>
      step.recipients.map((to) => ({ step, day: `${to} ${localDateOf(step.at!, step.zone)}` })),
    ),
    ({ day }) => day,
  )
  const bursts = [...perDay.values()]
    .filter((list) => list.length > MESSAGES_A_DAY_MAX)
    .map(([first, ...rest]) => ({
      at: first!.step.at,
      key: `burst ${first!.day}`,
      says: `${rest.length + 1} messages reach the same person on one day, “${first!.step.name}” among them.`,
    }))
  const onTheDay = sends
    .filter((step) => wedding !== null && localDateOf(step.at!, step.zone) === wedding)
    .map((step) => ({
      at: step.at,
      key: `day ${step.key}`,
      says: `“${step.name}” goes on their wedding day.`,
    }))
  const causes = steps.flatMap((step) => {
    const code = step.codes.findLast((one) => one in CAUSES)
    return code === undefined
      ? []
      : [{ at: step.at, key: `${code} ${step.key}`, says: `“${step.name}”: ${CAUSES[code]}.` }]
  })
  return [...bursts, ...onTheDay, ...causes]
}
