import type { Channel } from '../channels/channel.ts'
import type { Mail } from '../channels/email/mail.ts'
import type { OwnMailHouse } from '../channels/email/own-mail.ts'
import type { Answered, Twilio } from '../channels/sms/twilio.ts'

/** What this house has for sending, whoever the business is; put together by the composition root. */
export type ChannelHouse = {
  /** Whether anything may leave it at all. */
  readonly sending: boolean
  /** The public address. */
  readonly url: string
  /** Where letters come from; null where there is no mail server. */
  readonly mailFrom: string | null
  askMail(): Promise<Answered>
  /** The house's own way for letters; null where none leaves. */
  readonly mail: Channel<Mail> | null
  /** For trying mail servers of businesses. */
  readonly ownMail: OwnMailHouse | null
  /** For asking about accounts; it sends nothing by itself. */
  readonly twilio: Twilio | null
  /** Signs the addresses under which people say what they want to hear. */
  readonly linkSecret: Uint8Array
  /** Signs the addresses to which letters come back. */
  readonly returnSecret: Uint8Array
}

/** A house from which nothing leaves. */
export const quietHouse = (url: string): ChannelHouse => ({
  sending: false,
  url,
  mailFrom: null,
  mail: null,
  askMail: async () => ({ ok: false, says: 'There is no mail server here.' }),
  ownMail: null,
  twilio: null,
  linkSecret: new Uint8Array(32),
  returnSecret: new Uint8Array(32),
})
