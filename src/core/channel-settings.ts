import { z } from 'zod'

/** By which ways a business's messages leave. What is not set up, or not switched on, is captured. */
export const channelSettingsSchema = z.object({
  /** Null: as whoever runs the house has decided. */
  email: z.object({ sending: z.boolean().nullable().default(null) }).default({ sending: null }),
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
