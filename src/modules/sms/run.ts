import { SMS_CHARS_MAX } from '../../channels/sms/sms.ts'
import { type Runner, refused, resultOf } from '../runner.ts'
import { sms } from './definition.ts'
import { segmentsOf } from './segments.ts'

/** A text as it is frozen. */
export type SmsContent = { readonly body: string; readonly segments: number }

/** What advertises must say how to end it, in the text itself. */
const WAY_OUT = 'Reply STOP to end.'

export const runSms: Runner<typeof sms, SmsContent> = {
  of: sms,
  limits: { timeoutMs: 15_000, concurrency: 5, payloadBytesMax: 10_000 },

  async prepare({ config, facts, class: messageClass }, render) {
    const { body } = await render({ body: { template: config.body, target: 'text' } }, facts)
    if (body === undefined) return { is: 'broken', cause: 'nothing came back' }
    if (body.is === 'unresolved') return { is: 'unresolved', fields: body.fields }
    if (body.is === 'broken') return { is: 'broken', cause: body.cause }
    const words = plain(body.text)
    if (words === '') return { is: 'broken', cause: 'the text has no words' }
    const text = messageClass === 'marketing' && !/\bSTOP\b/.test(words) ? `${words}\n${WAY_OUT}` : words
    if (text.length > SMS_CHARS_MAX)
      return { is: 'broken', cause: `a text has at most ${SMS_CHARS_MAX} characters` }
    return { is: 'ready', content: { body: text, segments: segmentsOf(text).segments } }
  },

  async send({ content, recipient, key, attempt, deadline, signal }, channels) {
    if (recipient.phone === null) return refused('no_address', 'refused')
    const reply = await channels.sms.send(
      { to: recipient.phone, body: content.body },
      { key, attempt, deadline, signal },
    )
    return resultOf(reply, { accepted: 'sent', rejected: 'refused' })
  },
}

/** Lines stay lines; what no phone shows, and what turns the reading round, is taken out. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
