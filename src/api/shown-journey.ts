import { isSame, type JourneyDiff, summaryOf } from '../core/journey/diff.ts'
import type { Edge, Graph } from '../core/journey/graph.ts'
import type { Problem } from '../core/problem.ts'
import type { FutureStep } from '../core/run/forecast.ts'
import { sentenceOf } from '../core/run/sentences.ts'
import { zoneOfStep } from '../core/run/step-zone.ts'
import type { Teller } from '../core/run/teller.ts'
import type { View } from '../core/run/view.ts'
import { type Instant, isoOf } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { wallOf } from '../core/time/zone.ts'

/** Journeys, their differences and what is foreseen of them, as the API shows them. */
export const shownProblem = (one: Problem) => ({
  code: one.code,
  severity: one.severity,
  message: one.message,
  path: one.path,
  node: one.node ?? null,
  fix: one.fix ?? null,
  mendAt: one.mendAt ?? null,
})

const edge = ({ from, exit, to }: Edge) => ({ from, exit: exit ?? 'next', to })
const field = <T extends { path: string; before: unknown; after: unknown }>({ path, before, after }: T) => ({
  path,
  before: before ?? null,
  after: after ?? null,
})

export const shownDiff = (found: JourneyDiff) => ({
  same: isSame(found),
  summary: summaryOf(found),
  added: found.added.map((node) => node.id as string),
  removed: found.removed.map((node) => node.id as string),
  changed: found.changed.map(({ after, fields }) => ({
    node: after.id as string,
    fields: fields.map(field),
  })),
  edges: { added: found.edges.added.map(edge), removed: found.edges.removed.map(edge) },
  settings: found.settings.map(field),
})

/** "2027-06-17T10:00", as a clock there shows it. */
const clockOf = (at: Instant, zone: Zone): string => new Date(wallOf(at, zone)).toISOString().slice(0, 16)

export const shownStep = (step: FutureStep, graph: Graph, view: View, teller: Teller) => ({
  node: step.node as string,
  name: step.name,
  kind: step.kind,
  what: step.what,
  at: step.at === null ? null : isoOf(step.at),
  zone: zoneOfStep(graph, step.node, view) as string,
  wall: step.at === null ? null : clockOf(step.at, zoneOfStep(graph, step.node, view)),
  visit: step.visit,
  recipients: [...step.recipients],
  because: step.because.map((one) => ({
    code: one.code,
    sentence: sentenceOf(one, teller),
    ...(typeof one.values?.exit === 'string' && { exit: one.values.exit }),
  })),
  assumes: [...step.assumes],
})
