import { answerDays } from './answer-days.ts'
import { couplesAdded } from './couples-added.ts'
import { formsAnswered } from './forms-answered.ts'
import { journeyDays } from './journey-days.ts'
import { journeysArrived } from './journeys-arrived.ts'
import { journeysBegun } from './journeys-begun.ts'
import { messagesSent } from './messages-sent.ts'
import type { NumberOf } from './number.ts'

/** Every number by the name it bears from here to the screen. */
export const NUMBERS = {
  couples_added: couplesAdded,
  journeys_begun: journeysBegun,
  journeys_arrived: journeysArrived,
  journey_days: journeyDays,
  messages_sent: messagesSent,
  forms_answered: formsAnswered,
  answer_days: answerDays,
} as const satisfies { readonly [name: string]: NumberOf }
