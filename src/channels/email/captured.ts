import type { Instant } from '../../core/time/instant.ts'
import { busy, type Channel, rejected, tooLate } from '../channel.ts'
import { type Mail, unsafeHeader } from './mail.ts'

/**
 * The captured mailbox: letters are kept where people can look at them, and nothing leaves the house. The default
 * of every installation until sending is switched on. `keep` stores by key: a repeat is the same letter.
 */
export type CapturedMail = { readonly key: string; readonly attempt: number; readonly mail: Mail }

export function capturedMailbox(parts: {
  readonly now: () => Instant
  readonly keep: (captured: CapturedMail) => Promise<void>
}): Channel<Mail> {
  return {
    name: 'captured',
    async send(mail, delivery) {
      const unsafe = unsafeHeader(mail, 'stays')
      if (unsafe !== null) return rejected(unsafe)
      const late = tooLate(delivery, parts.now())
      if (late !== null) return late
      try {
        await parts.keep({ key: delivery.key, attempt: delivery.attempt, mail })
      } catch {
        // Even if it was kept and only the answer was lost: the next attempt finds the same key.
        return busy('mailbox_unavailable')
      }
      return { is: 'accepted', ref: mail.messageId }
    },
  }
}
