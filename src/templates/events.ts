import type { Branch, Path } from '../core/journey/builder.ts'
import type { Condition, EventPattern } from '../core/journey/condition.ts'
import type { Journey } from '../core/journey/graph.ts'

/** What the templates listen for. */
export const form = (key: string): EventPattern => ({
  event: 'form_submitted',
  if: { fact: 'event.form', is: 'equal', value: key },
})
export const booked = (key: string): EventPattern => ({
  event: 'meeting_booked',
  if: { fact: 'event.meeting', is: 'equal', value: key },
})
export const paid = (instalment: string): EventPattern => ({
  event: 'payment_received',
  if: { fact: 'event.instalment', is: 'equal', value: instalment },
})
export const stage = (to: string): EventPattern => ({
  event: 'stage_changed',
  if: { fact: 'event.to', is: 'equal', value: to },
})
const tagged = (tag: string): EventPattern => ({
  event: 'tag_changed',
  if: {
    all: [
      { fact: 'event.tag', is: 'equal', value: tag },
      { fact: 'event.added', is: 'equal', value: true },
    ],
  },
})

/** Whoever is lost, or is in dispute, hears nothing more from an automation. */
export const LEAVES_WHEN_LOST: NonNullable<Journey['leaveOn']> = [{ on: stage('lost'), as: 'cancelled' }]
export const LEAVES_IN_DISPUTE: NonNullable<Journey['leaveOn']> = [
  ...LEAVES_WHEN_LOST,
  { on: tagged('dispute'), as: 'cancelled' },
]

/** The wedding day is here or over; one that nobody knows yet is ahead. */
export const WEDDING_HAS_COME: Condition = { daysUntil: 'wedding', is: 'less', value: 1 }

export const STILL_AHEAD = { name: 'Is the wedding still ahead?' }

/** What woos a couple, or asks them to sign, is said only while their wedding lies ahead. */
export const whileAhead = (path: Path, id: string, next: Branch, otherwise: Branch): Path =>
  path.condition(id, { over: { if: WEDDING_HAS_COME, go: otherwise } }, next, STILL_AHEAD)
