import type { Instant } from '../../core/time/instant.ts'
import { busy, type Channel, rejected, tooLate } from '../channel.ts'
import { type Sms, unsendable } from './sms.ts'

/** The captured phone: texts are kept where people can look at them, and nothing leaves the house. */
export function capturedPhone(parts: {
  readonly now: () => Instant
  readonly keep: (captured: { key: string; attempt: number; sms: Sms }) => Promise<void>
}): Channel<Sms> {
  return {
    name: 'captured',
    async send(sms, delivery) {
      const why = unsendable(sms)
      if (why !== null) return rejected(why)
      const late = tooLate(delivery, parts.now())
      if (late !== null) return late
      try {
        await parts.keep({ key: delivery.key, attempt: delivery.attempt, sms })
      } catch {
        // Even if it was kept and only the answer was lost: the next attempt finds the same key.
        return busy('mailbox_unavailable')
      }
      return { is: 'accepted', ref: null }
    },
  }
}
