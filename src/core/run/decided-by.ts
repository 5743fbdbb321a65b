import type { Graph, Node } from '../journey/graph.ts'
import { ownerOf } from '../journey/unfold.ts'
import type { Decision, DecisionCode } from './decision.ts'

/**
 * Where a decision can be changed: a place in the journey (`journey:/nodes/3/when`), a setting of the vendor
 * (`vendor:weddingDays`), or a fact of the couple (`couple:people/partner_b/reach/email`).
 */
export function decidedBy(decision: Decision | undefined, node: Node, graph: Graph): string {
  const owner = ownerOf(node.id)
  const place = `journey:/nodes/${graph.journey.nodes.findIndex((one) => one.id === owner)}`
  if (decision === undefined) return place
  const { values } = decision
  const told = (key: string): string => String(values?.[key] ?? '')
  switch (decision.code) {
    case 'free_day':
      return 'vendor:weddingDays'
    case 'business_day':
      return 'vendor:workingDays'
    case 'quiet_hours':
    case 'quiet_skipped':
      return `vendor:openHours/${told('channel')}`
    case 'capped':
    case 'cap_merged':
    case 'cap_skipped':
      return `vendor:caps/${told('class')}`
    case 'late':
      return told('by') === 'vendor' ? 'vendor:late' : `${place}/late`
    case 'no_address':
      return `couple:people/${told('to')}/reach/${told('channel')}`
    case 'no_consent':
    case 'suppressed':
      return `couple:people/${told('to')}/may/${told('channel')}`
    case 'anchor_unknown':
    case 'parked':
      return `couple:anchors/${told('anchor')}`
    case 'held':
    case 'paused':
      return 'couple:holds'
    default:
      return `${place}${PART[decision.code] ?? ''}`
  }
}

const PART: { readonly [Code in DecisionCode]?: string } = {
  nominal: '/when',
  waits: '/when',
  late_skipped: '/late',
  late_sent_now: '/late',
  late_merged: '/late',
  late_compressed: '/late',
  overtaken: '/late',
  late_task: '/late',
  deadline_wins: '/deadline',
  deadline_missed: '/deadline',
  waits_for_event: '/for',
  woken: '/for',
  timed_out: '/timeout',
  case_chosen: '/cases',
  otherwise_chosen: '/cases',
  arm_chosen: '/arms',
  stays: '/move',
  moves: '/move',
  needs_you: '/move',
  resend_planned: '/move',
  approval_asked: '/approval',
  no_recipient: '/to',
}
