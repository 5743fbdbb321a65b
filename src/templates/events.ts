import type { EventPattern } from '../core/journey/condition.ts'
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
