import { z } from 'zod'
import { operation } from './operation.ts'

const recipient = z.string().min(3).max(320)
const sender = z.string().max(320).optional()

/** Mail that came to a return address, from whoever receives mail for this house. The key says whose letters it is about. */
export const bringMail = operation({
  id: 'mail.bring',
  method: 'post',
  path: '/in/mail',
  summary:
    'Bring a mail that came to the mail domain for returns: a bounce, a complaint, an answer. Raw (message/rfc822, with ?recipient=…), or as JSON',
  needs: 'events:write',
  query: z.strictObject({
    recipient: recipient.optional().describe('Where the mail comes raw: whom the envelope names.'),
    sender: sender.describe('Where the mail comes raw: of the envelope.'),
  }),
  body: z.strictObject({
    recipient: recipient.describe('Whom the envelope names, not the header.'),
    sender: sender.describe('Of the envelope; empty where there is none.'),
    message: z.string().min(1).max(36_000_000).describe('The whole mail with its headers, as it came.'),
    encoding: z.enum(['text', 'base64']).default('text'),
  }),
  answer: z.object({
    is: z
      .enum(['taken', 'known', 'unknown', 'unreadable'])
      .describe(
        'Taken; known already, so that nothing was done again; of no letter of this business; or no mail.',
      ),
  }),
  namesItself: true,
})
