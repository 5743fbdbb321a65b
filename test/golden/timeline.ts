import type { ClientId, EventId, JourneyId, RunId, VendorId, WeddingId } from '../../src/core/ids.ts'
import type { Graph, Journey } from '../../src/core/journey/graph.ts'
import { phraseOf } from '../../src/core/journey/phrase.ts'
import type { Behaviour } from '../../src/core/run/behaviour.ts'
import type { Decision } from '../../src/core/run/decision.ts'
import type { OutsideEvent } from '../../src/core/run/event.ts'
import { type FutureStep, forecastNew } from '../../src/core/run/forecast.ts'
import type { PersonView, View } from '../../src/core/run/view.ts'
import { addDays, dayNumber, localDate, weekdayOf } from '../../src/core/time/calendar.ts'
import { type Instant, instantFrom } from '../../src/core/time/instant.ts'
import type { LocalDate, Zone } from '../../src/core/time/local.ts'
import { tellDay, tellMoment } from '../../src/core/time/spoken.ts'
import { localDateOf } from '../../src/core/time/zone.ts'
import { exampleView, hours } from '../../src/core/wedding/example-view.ts'
import type { MessageClass } from '../../src/core/wedding/policy.ts'
import type { WaitRule } from '../../src/core/wedding/wait-rule.ts'

/** A journey as a couple would live it, line by line, for a wedding vendor to read. */
const NOW = instantFrom('2027-04-19T09:20:00Z')
const TODAY = localDateOf(NOW, 'Europe/London' as Zone)

export const WEDDINGS: readonly { name: string; on: LocalDate; zone: Zone }[] = [
  { name: 'in 5 days', on: localDate('2027-04-24'), zone: 'Europe/London' as Zone },
  { name: 'in 6 weeks', on: localDate('2027-05-29'), zone: 'Europe/Rome' as Zone },
  { name: 'in 14 months', on: localDate('2028-06-17'), zone: 'America/Toronto' as Zone },
]
export const BEHAVIOURS: readonly { name: string; behaviour: Behaviour }[] = [
  { name: 'they never answer', behaviour: { is: 'never' } },
  { name: 'they answer as most do', behaviour: { is: 'typical' } },
]

export function timelinesOf(graph: Graph, stage = 'booked'): string {
  const parts = WEDDINGS.flatMap((wedding) =>
    BEHAVIOURS.map(({ name, behaviour }) => {
      const head = `## Wedding ${wedding.name}, ${tellDay(wedding.on)}, ${wedding.zone}; ${name}`
      return `${head}\n\n${timeline(graph, wedding.on, wedding.zone, behaviour, stage)}\n`
    }),
  )
  return `# ${graph.journey.name}\n\nToday is ${tellMoment(NOW, 'Europe/London' as Zone)}.\n\n${parts.join('\n')}`
}

function timeline(graph: Graph, on: LocalDate, zone: Zone, behaviour: Behaviour, stage: string): string {
  const view = viewFor(on, zone, stage)
  const identity = {
    id: 'run' as RunId,
    vendor: 'vendor' as VendorId,
    client: 'anna-ben' as ClientId,
    wedding: 'wedding' as WeddingId,
    journey: 'journey' as JourneyId,
    version: 1,
  }
  const { steps, ended, truncated } = forecastNew(graph, identity, beginningOf(graph), view, NOW, {
    assume: behaviour,
  })
  const lines = steps.filter((step) => QUIET[step.kind] !== true).map((step) => line(step, graph, zone))
  const end = ended
    ? `${tellMoment(ended.at, zone)}   ${ended.status}`
    : truncated
      ? 'goes on for years'
      : 'stands and waits'
  return [...lines, end].join('\n')
}

/** What the letters are called that are meant for before the wedding: those of every phase but the last. */
export function meantForBefore({ nodes }: Journey): readonly string[] {
  return nodes.flatMap((node) =>
    node.kind === 'module' && node.phase !== 'After' ? [node.name ?? String(node.config.subject)] : [],
  )
}

const QUIET: { readonly [kind: string]: true } = { trigger: true, fork: true, join: true, end: true }

/** The event the journey begins with, such as its trigger asks for. */
function beginningOf(graph: Graph): OutsideEvent | null {
  const { listensTo } = graph.triggerType
  if (listensTo === null) return null
  const { name, instalment, meeting, became } = (graph.trigger.config ?? {}) as {
    [key: string]: string | string[]
  }
  const data = {
    ...(name !== undefined && { name }),
    ...(instalment !== undefined && { instalment }),
    ...(meeting !== undefined && { meeting }),
    ...(became !== undefined && { status: became[0]! }),
  }
  return { id: 'beginning' as EventId, type: listensTo, at: NOW, data, depth: 0 }
}

const ALL: readonly MessageClass[] = ['transactional', 'relationship', 'marketing']
const person = (ref: string): PersonView => ({
  ref,
  zone: null,
  reach: { email: ref, sms: ref },
  may: { email: ALL, sms: ALL },
})

function viewFor(on: LocalDate, zone: Zone, stage: string): View {
  const moment = { value: { is: 'moment', at: NOW } as const, generation: 1 }
  return {
    ...exampleView,
    client: { ...exampleView.client, stage, tags: ['engagement_session', 'marketing_consent'] },
    people: [
      'partner_a',
      'partner_b',
      'payer',
      'planner',
      'vendor:venue',
      'vendor:florist',
      'vendor:band',
      'member:owner',
      'member:manager',
      'member:assistant',
    ].map(person),
    wedding: { id: 'wedding', status: 'confirmed', zone, region: null, guests: 96 },
    anchors: {
      wedding: { value: { is: 'day', on }, generation: 1 },
      inquiry: moment,
      booking: moment,
      first_payment: moment,
      'due:balance': { value: { is: 'day', on: addDays(on, -30) }, generation: 1 },
    },
    vendor: {
      ...exampleView.vendor,
      openHours: { sms: hours('08:00', '21:00') },
      weddingDays: new Set([...summerSaturdays(), on]),
    },
  }
}

/** The vendor works every other Saturday from May to September. */
function summerSaturdays(): LocalDate[] {
  const days = Array.from({ length: 900 }, (_, n) => addDays(TODAY, n))
  return days.filter(
    (day) => weekdayOf(day) === 6 && /-0[5-9]-/.test(day) && Math.floor(dayNumber(day) / 7) % 2 === 0,
  )
}

function line(step: FutureStep, graph: Graph, zone: Zone): string {
  const at = step.at === null ? 'nobody knows when' : tellMoment(step.at, zone)
  const to = step.kind === 'module' && step.recipients.length > 0 ? ` → ${step.recipients.join(', ')}` : ''
  return `${at.padEnd(36)} ${wordFor(step, graph).padEnd(9)} ${step.name}${to}   ${reasons(step, zone)}`.trimEnd()
}

function wordFor(step: FutureStep, graph: Graph): string {
  if (step.what === 'skip') return 'left out'
  if (step.what === 'merge') return 'merged'
  const codes = new Set(step.because.map((one) => one.code))
  if (step.kind === 'await')
    return codes.has('woken') ? 'answered' : codes.has('timed_out') ? 'silence' : 'waits'
  if (step.kind === 'condition' || step.kind === 'split') return 'way'
  if (step.kind === 'module' && step.what === 'send') {
    const node = graph.node(step.node)
    return node?.kind === 'module' ? graph.moduleType(node).channel : 'send'
  }
  return step.what
}

function reasons(step: FutureStep, zone: Zone): string {
  return step.because.flatMap((one) => reasonFor(one, zone)).join('; ')
}

const dayOf = (value: unknown, zone: Zone): string =>
  tellDay(localDateOf(instantFrom(String(value)), zone)).slice(0, 3)

/** Brought forward where nothing stands in the way, or against the windows it names. */
function deadlineWins(over: unknown, from: unknown, zone: Zone): string {
  const windows = (over as readonly string[]).map((one) => one.replaceAll('_', ' '))
  return windows.length === 0
    ? `brought forward from ${dayOf(from, zone)} (its deadline)`
    : `the deadline wins over ${windows.join(' and ')}`
}

function reasonFor({ code, values }: Decision, zone: Zone): string[] {
  switch (code) {
    case 'nominal':
      return [phraseOf(values?.rule as WaitRule)]
    case 'free_day':
      return [`moved from ${dayOf(values?.from, zone)} (works a wedding)`]
    case 'business_day':
      return [`moved from ${dayOf(values?.from, zone)} (no working day)`]
    case 'quiet_hours':
      return [`moved from ${tellMoment(instantFrom(String(values?.from)) as Instant, zone)} (quiet hours)`]
    case 'capped':
      return ['moved (they have heard enough)']
    case 'deadline_wins':
      return [deadlineWins(values?.over, values?.from, zone)]
    case 'overtaken':
      return [`makes way for ${String(values?.by)}`]
    case 'late':
      return [`late by ${Math.round(Number(values?.lateMinutes ?? 0) / 1440)} days`]
    case 'late_sent_now':
    case 'late_skipped':
    case 'late_merged':
    case 'late_task':
    case 'late_compressed':
    case 'deadline_missed':
    case 'windows_unsettled':
    case 'no_address':
    case 'no_recipient':
    case 'no_consent':
    case 'failed_step':
    case 'anchor_unknown':
    case 'repeat_done':
    case 'outage_late':
      return [code.replaceAll('_', ' ')]
    case 'case_chosen':
    case 'otherwise_chosen':
    case 'arm_chosen':
      return [String(values?.exit)]
    default:
      return []
  }
}
