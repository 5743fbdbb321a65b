import { z } from 'zod'

/** A business's own mail server; its password lies sealed elsewhere. Always over TLS: there is a password to keep. */
const ownMailSchema = z.object({
  /** Whether letters go by it; if not, by the house's way. */
  use: z.boolean().default(false),
  host: z.string(),
  port: z.number().int(),
  /** TLS from the first byte (465), or asked for in the clear and insisted on (587). */
  tls: z.enum(['implicit', 'starttls']),
  user: z.string(),
  from: z.string(),
  /** Shown as sender; null: the name of the business. */
  name: z.string().nullable().default(null),
  /** Mail providers shut out whoever sends more than they agreed to. */
  perHour: z.number().int(),
})
export type OwnMail = z.infer<typeof ownMailSchema>

/** Where letters come back to and answers are heard: a mail domain that leads to this house. */
const mailReturnsSchema = z.object({
  domain: z.string(),
  /** Letters leave with a return address of their own, so that one that comes back is known by it. */
  bounces: z.boolean().default(false),
  /** The same address stands beside the one that answers go to. */
  answers: z.boolean().default(false),
  /** The latest letter that was sent there to try it out, and when it came in. */
  trial: z
    .object({ id: z.string(), sent: z.number().int(), heard: z.number().int().nullable() })
    .nullable()
    .default(null),
})
export type MailReturns = z.infer<typeof mailReturnsSchema>

export const OWN_MAIL_PER_HOUR = 200
export const OWN_MAIL_PER_HOUR_MAX = 5_000
/** Where mail servers take letters from their customers; no other port is knocked at. */
export const MAIL_PORTS: readonly number[] = [25, 465, 587, 2465, 2525, 2587]

/** By which ways a business's messages leave. What is not set up, or not switched on, is captured. */
export const channelSettingsSchema = z.object({
  /** Everything is held: since when, and by whom. */
  held: z.object({ since: z.number().int(), by: z.string() }).nullable().default(null),
  /** Letters to those who work here about what waits for them, and up to when they were told. */
  team: z
    .object({ letters: z.boolean().default(true), told: z.number().int().nullable().default(null) })
    .default({ letters: true, told: null }),
  email: z
    .object({
      /** Null: as whoever runs the house has decided. */
      sending: z.boolean().nullable().default(null),
      own: ownMailSchema.nullable().default(null),
      /** Null: nothing comes back to this house. */
      returns: mailReturnsSchema.nullable().default(null),
    })
    .default({ sending: null, own: null, returns: null }),
  sms: z
    .object({
      sending: z.boolean().default(false),
      /** The provider's account and from which number; the key to it lies sealed elsewhere. */
      account: z.string().nullable().default(null),
      from: z.string().nullable().default(null),
      /** Countries that texts may go to; none named: the one the business is in. */
      countries: z.array(z.string()).default([]),
    })
    .default({ sending: false, account: null, from: null, countries: [] }),
})
export type ChannelSettings = z.infer<typeof channelSettingsSchema>

export const channelsOf = (stored: unknown): ChannelSettings => {
  const read = channelSettingsSchema.safeParse(stored)
  return read.success ? read.data : channelSettingsSchema.parse({})
}

/** The mail server that letters of this business go by, where that is its own. */
export const ownMailOf = (channels: ChannelSettings | undefined): OwnMail | null =>
  channels?.email.own?.use === true ? channels.email.own : null
