import type { Instant } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import { resolveDeadline } from '../wedding/deadline.ts'
import type { LateStep } from '../wedding/late-policy.ts'
import { overAt } from '../wedding/over.ts'
import { nextOpening } from '../wedding/send-window.ts'
import { zoneFor } from '../wedding/whose-zone.ts'
import { classOf } from './act.ts'
import type { Draft } from './draft.ts'
import type { ActingNode } from './moment.ts'
import { hasLaterMessage, recipientsOf } from './recipient.ts'
import type { Token } from './run.ts'
import type { PersonView } from './view.ts'

/** All that windows and late policies must know of a step. What leaves no message passes every window of a person. */
export function stepFacts(draft: Draft, token: Token, node: ActingNode): LateStep {
  const { view } = draft
  const channel = node.kind === 'module' ? draft.graph.moduleType(node).channel : 'none'
  const people = node.kind === 'module' ? recipientsOf(draft, token, node) : []
  const zoneOf = (person: PersonView | undefined): Zone => zoneFor('couple', view, person)
  const [recipientZone = zoneOf(undefined), ...alsoZones] = new Set(people.map(zoneOf))
  const facts: LateStep = {
    windows: node.windows ?? {},
    class: classOf(draft, node),
    channel,
    recipient: people[0]?.ref ?? 'house',
    recipientZone,
    asksForAnswer: node.kind === 'module' && node.asksForAnswer === true,
    deadline: node.deadline ? resolveDeadline(node.deadline, view) : null,
    late: node.late ?? (token.lateBy === 'over' ? undefined : token.lateBy),
    overAt: overAtOf(draft, token, node),
    reminds: node.kind === 'module' && node.reminds === true,
    mergeable: node.kind === 'module' && hasLaterMessage(draft.graph, node),
  }
  if (alsoZones.length === 0) return facts
  const forAll = { ...facts, alsoZones }
  // Half a world apart there may be no hour that is day for both: then the first one's day counts.
  return nextOpening(draft.now, forAll, view) === null ? facts : forAll
}

export const hasPassed = ({ overAt }: LateStep, now: Instant): boolean => overAt != null && now >= overAt

function overAtOf(draft: Draft, token: Token, node: ActingNode): Instant | null {
  if (hasOwnMoment(node)) return speaks(node) ? overAt(node.when, draft.view) : null
  return token.lateBy === 'over' ? draft.now : null
}

export const hasOwnMoment = (node: ActingNode): boolean => node.when !== undefined && !('every' in node.when)

/** Asks something of somebody, the couple or the team: what only keeps the book in order is never worthless. */
const speaks = (node: ActingNode): boolean =>
  node.kind !== 'action' || 'task' in node.do || 'notify' in node.do
