import type { TriggerType } from '../core/journey/graph.ts'
import { clientAdded } from './client-added/definition.ts'
import { contractSigned } from './contract-signed/definition.ts'
import { customEvent } from './custom-event/definition.ts'
import { date } from './date/definition.ts'
import { formSubmitted } from './form-submitted/definition.ts'
import { inboundWebhook } from './inbound-webhook/definition.ts'
import { inquiryReceived } from './inquiry-received/definition.ts'
import { manual } from './manual/definition.ts'
import { meetingBooked } from './meeting-booked/definition.ts'
import { meetingCancelled } from './meeting-cancelled/definition.ts'
import { meetingHeld } from './meeting-held/definition.ts'
import { paymentReceived } from './payment-received/definition.ts'
import { referralReceived } from './referral-received/definition.ts'
import { reviewReceived } from './review-received/definition.ts'
import { stageChanged } from './stage-changed/definition.ts'
import { tagChanged } from './tag-changed/definition.ts'
import { weddingDateChanged } from './wedding-date-changed/definition.ts'

/** Every way a journey can begin, written out: one can read it, search it, and the types complete it. */
export const triggerTypes: readonly TriggerType[] = [
  clientAdded,
  formSubmitted,
  date,
  paymentReceived,
  manual,
  inquiryReceived,
  contractSigned,
  meetingBooked,
  meetingCancelled,
  meetingHeld,
  stageChanged,
  tagChanged,
  weddingDateChanged,
  reviewReceived,
  referralReceived,
  customEvent,
  inboundWebhook,
]

export const triggers: ReadonlyMap<string, TriggerType> = new Map(
  triggerTypes.map((type) => [type.type, type]),
)
