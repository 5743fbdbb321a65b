import { z } from 'zod'
import { MAIL_PORTS, OWN_MAIL_PER_HOUR_MAX } from '../core/channel-settings.ts'
import { moment, ofVendor, operation } from './operation.ts'

/** By which ways messages leave, and whether they do. */
const missing = z.array(z.string())
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'one line')
const mailDomain = z
  .string()
  .trim()
  .max(180)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i,
    'a domain such as returns.example.com',
  )
const mailServer = {
  host: line(253)
    .regex(/^[A-Za-z0-9.:-]+$/, 'a name such as smtp.example.com')
    .describe('A name or an address, without protocol and path.'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .describe(`One of ${MAIL_PORTS.join(', ')}`),
  tls: z.enum(['implicit', 'starttls']),
  user: line(320),
  from: z.email().max(254).describe('Of which letters come; the server must be willing to send for it.'),
  name: line(100)
    .refine((name) => !/\S@\S+\.\S/.test(name), 'a name, not an address')
    .nullable()
    .describe('Shown as sender; null: the name of the business.'),
}
const password = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^\p{Cc}]*$/u, 'the password as the provider shows it')
const channels = z.object({
  house: z
    .object({ sending: z.boolean(), url: z.string(), from: z.string().nullable() })
    .describe(
      'Whether anything may leave this house at all; switched on by whoever runs it, with WEDSYNC_SENDING.',
    ),
  team: z.object({
    letters: z
      .boolean()
      .describe('Whether those who work here get a letter, once an hour at most, about what waits for them.'),
  }),
  email: z.object({
    leaves: z.boolean().describe('Whether letters leave now; if not, they are kept in the captured mailbox.'),
    sending: z.boolean(),
    from: z.string().nullable(),
    by: z.enum(['own', 'house']).describe('By whose server they go, or would.'),
    own: z
      .object({
        use: z.boolean(),
        ...{ host: z.string(), port: z.int(), tls: mailServer.tls, user: z.string(), from: z.string() },
        name: z.string().nullable(),
        perHour: z.int(),
        hasPassword: z.boolean(),
      })
      .nullable(),
    returns: z
      .object({
        domain: z.string(),
        bounces: z.boolean(),
        answers: z.boolean(),
        trial: z
          .object({ sent: moment, heard: moment.nullable() })
          .nullable()
          .describe('The latest letter that was sent there to try it out, and when it came in.'),
      })
      .nullable()
      .describe('Where letters come back to and answers are heard; null: neither reaches this house.'),
    inbound: z.string().describe('What a provider must be told to call with the mail of that domain.'),
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
    team: z.strictObject({ letters: z.boolean() }).optional(),
    email: z
      .strictObject({
        sending: z.boolean().optional(),
        own: z
          .strictObject({
            ...mailServer,
            use: z.boolean(),
            perHour: z
              .int()
              .min(1)
              .max(OWN_MAIL_PER_HOUR_MAX)
              .describe('No more letters than this within an hour; the others wait.'),
            password: password.describe('Never shown again; needed anew for another server or user.'),
          })
          .partial()
          .nullable()
          .optional()
          .describe('A mail server of your own; null forgets it with its password.'),
        returns: z
          .strictObject({
            domain: mailDomain.describe('A domain whose mail leads to this house.'),
            bounces: z.boolean().describe('Letters leave with a return address of their own.'),
            answers: z.boolean().describe('The return address stands beside the one that answers go to.'),
          })
          .partial()
          .nullable()
          .optional()
          .describe('Mail that comes back; null: nothing of it reaches this house.'),
      })
      .optional(),
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

export const tryMailServer = operation({
  id: 'channels.tryMail',
  method: 'post',
  path: '/vendors/{vendor}/channels/mail/try',
  summary: 'Try a mail server before it is kept: connect, sign in, and send one letter to yourself',
  needs: 'vendor:write',
  params: ofVendor,
  body: z
    .strictObject({ ...mailServer, password: password.optional() })
    .describe('Without a password the kept one is taken, for the kept server and user alone.'),
  answer: z.object({
    ok: z.boolean(),
    step: z
      .enum([
        'address',
        'name',
        'connection',
        'encryption',
        'sign_in',
        'sender',
        'recipient',
        'letter',
        'done',
      ])
      .describe('Where it ended.'),
    says: z.string(),
    help: z.string().nullable(),
    sent: z.boolean().describe('Whether a letter left; not where nothing leaves the house.'),
    to: z.string(),
    tookMs: z.int(),
  }),
  problems: ['conflict'],
  onlyLooks: true,
})

export const tryReturns = operation({
  id: 'channels.tryReturns',
  method: 'post',
  path: '/vendors/{vendor}/channels/returns/try',
  summary: 'Send a letter to the mail domain for returns, and see by `trial` whether it comes in here',
  needs: 'vendor:write',
  params: ofVendor,
  answer: z.object({
    ok: z.boolean().describe('Whether the letter left. Whether it arrives is told by `email.returns.trial`.'),
    says: z.string(),
    help: z.string().nullable(),
  }),
  problems: ['conflict'],
  onlyLooks: true,
})
