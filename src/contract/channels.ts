import { z } from 'zod'
import { ofVendor, operation } from './operation.ts'

/** By which ways messages leave, and whether they do. */
const missing = z.array(z.string())
const channels = z.object({
  house: z
    .object({ sending: z.boolean(), url: z.string() })
    .describe(
      'Whether anything may leave this house at all; switched on by whoever runs it, with WEDSYNC_SENDING.',
    ),
  email: z.object({
    leaves: z.boolean().describe('Whether letters leave now; if not, they are kept in the captured mailbox.'),
    sending: z.boolean(),
    from: z.string().nullable(),
    missing: missing.describe('What would have to be there first, in sentences.'),
  }),
  sms: z.object({
    leaves: z.boolean(),
    sending: z.boolean(),
    account: z.string().nullable(),
    from: z.string().nullable(),
    hasToken: z.boolean(),
    countries: z.array(z.string()),
    inbound: z.string().describe('What the provider must be told to call when somebody answers.'),
    missing,
  }),
})

export const readChannels = operation({
  id: 'channels.read',
  method: 'get',
  path: '/vendors/{vendor}/channels',
  summary: 'By which ways messages leave: what is set up, what is captured, what is missing',
  needs: 'vendor:read',
  params: ofVendor,
  answer: channels,
  etag: 'gives',
})

export const changeChannels = operation({
  id: 'channels.change',
  method: 'patch',
  path: '/vendors/{vendor}/channels',
  summary: 'Set up a way of sending, and switch sending on or off',
  needs: 'vendor:write',
  params: ofVendor,
  body: z.strictObject({
    email: z.strictObject({ sending: z.boolean() }).optional(),
    sms: z
      .strictObject({
        sending: z.boolean().optional(),
        account: z
          .string()
          .regex(/^AC[0-9a-fA-F]{32}$/, 'AC and 32 signs')
          .optional(),
        token: z
          .string()
          .regex(/^[\x21-\x7e]{16,128}$/, 'the token as the provider shows it')
          .optional()
          .describe('Never shown again.'),
        from: z
          .string()
          .regex(
            /^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/,
            'a number such as +447700900123, or MG and 32 signs',
          )
          .optional(),
        countries: z
          .array(z.string().regex(/^[A-Z]{2}$/))
          .max(60)
          .optional(),
      })
      .optional(),
  }),
  answer: channels,
  etag: 'needs',
})

export const checkChannel = operation({
  id: 'channels.check',
  method: 'post',
  path: '/vendors/{vendor}/channels/check',
  summary: 'Ask the provider whether it would let us in. Nothing is sent',
  needs: 'vendor:write',
  params: ofVendor,
  body: z.strictObject({ channel: z.enum(['email', 'sms']) }),
  answer: z.object({ ok: z.boolean(), says: z.string(), tookMs: z.int() }),
  onlyLooks: true,
})
