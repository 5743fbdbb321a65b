import type { NodeId } from '../ids.ts'
import type { Graph } from '../journey/graph.ts'
import { HOUR_MS, type Instant } from '../time/instant.ts'
import { restsAt } from '../wedding/catch-up.ts'
import { OUTAGE_HOURS_MAX, OUTAGE_NOTICED_MS } from '../wedding/late-policy.ts'
import { isOpen } from '../wedding/send-window.ts'
import { zoneFor } from '../wedding/whose-zone.ts'
import type { View } from './view.ts'

/** A planned message, as its row knows it. */
export type PlannedMessage = {
  readonly node: string
  readonly channel: string
  readonly recipient: string
  readonly planned_at: Instant
}

/**
 * A message should have left long ago, because its provider did not open or the house was dark: whether it would
 * come by night now, or later than an outage excuses. Then its run looks again at when it goes, or whether.
 */
export function isHeldUp(graph: Graph, view: View, message: PlannedMessage, now: Instant): boolean {
  const lateMs = now - message.planned_at
  if (lateMs <= OUTAGE_NOTICED_MS || !reachesSomebody(message)) return false
  return lateMs > OUTAGE_HOURS_MAX * HOUR_MS || isNightFor(graph, view, message, now)
}

type Reaching = PlannedMessage & { readonly channel: 'email' | 'sms' }
const reachesSomebody = (message: PlannedMessage): message is Reaching =>
  message.channel === 'email' || message.channel === 'sms'

/** Closed by the business's hours; or night for somebody who would have had it by day. */
function isNightFor(
  graph: Graph,
  view: View,
  { node: id, channel, recipient, planned_at }: Reaching,
  now: Instant,
): boolean {
  const node = graph.node(id as NodeId)
  const person = view.people.find((one) => one.ref === recipient)
  const zone = zoneFor('couple', view, person)
  const step = { windows: node?.kind === 'module' ? (node.windows ?? {}) : {}, channel, recipientZone: zone }
  return !isOpen(now, step, view) || (restsAt(now, zone) && !restsAt(planned_at, zone))
}
