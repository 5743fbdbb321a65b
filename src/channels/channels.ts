import type { Channel } from './channel.ts'
import type { Mail } from './email/mail.ts'
import type { Sms } from './sms/sms.ts'
import type { WebhookCall } from './webhook/webhook.ts'

/** The ways out of the house, as a runner gets them: already chosen and guarded for one vendor. */
export type Channels = {
  readonly email: Channel<Mail>
  readonly sms: Channel<Sms>
  readonly webhook: Channel<WebhookCall>
}
