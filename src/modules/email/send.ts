import { domainOf, messageIdFor } from '../../channels/email/mail.ts'
import type { Merged } from '../../core/merge.ts'
import { type Draft, type Runner, refused, resultOf } from '../runner.ts'
import type { email } from './definition.ts'

/** A letter as it is frozen: everything but the addresses, which are read when it is sent. */
export type EmailContent = {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly fromName: string | null
  readonly unsubscribeUrl: string | null
}

export const sendLetter: Runner<typeof email, EmailContent>['send'] = async (
  { content, recipient, sender, key, attempt, deadline, signal },
  channels,
) => {
  if (recipient.email === null) return refused('no_address', 'refused')
  const { returns } = sender
  const reply = await channels.email.send(
    {
      from: { name: content.fromName ?? sender.name, address: sender.address },
      to: {
        address: recipient.email,
        ...(recipient.name === null ? {} : { name: oneLine(recipient.name) }),
      },
      ...(sender.replyTo === null ? {} : { replyTo: { address: sender.replyTo } }),
      ...(returns?.bounces ? { returnPath: returns.address } : {}),
      ...(returns?.answers ? { answersAlso: { name: oneLine(sender.name), address: returns.address } } : {}),
      subject: content.subject,
      text: content.text,
      html: content.html,
      messageId: messageIdFor(key, domainOf(sender.address)),
      ...(content.unsubscribeUrl === null ? {} : { unsubscribe: { url: content.unsubscribeUrl } }),
    },
    { key, attempt, deadline, signal },
  )
  return resultOf(reply, { accepted: 'sent', rejected: 'refused' })
}

export type Words = { readonly [part: string]: string }

/** All parts as text, or every field that is missing in any of them. */
export function textsOf(merged: { readonly [part: string]: Merged }): Draft<Words> {
  const words: Record<string, string> = {}
  const missing = new Set<string>()
  for (const [part, one] of Object.entries(merged)) {
    if (one.is === 'broken') return { is: 'broken', cause: `${part}: ${one.cause}` }
    if (one.is === 'unresolved') for (const field of one.fields) missing.add(field)
    else words[part] = one.text
  }
  return missing.size > 0 ? { is: 'unresolved', fields: [...missing] } : { is: 'ready', content: words }
}

// Words of people may hold line breaks, control characters and marks that turn the reading round; a line may not.
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
