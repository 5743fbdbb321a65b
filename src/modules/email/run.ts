import { LINES_MAX } from '../../channels/email/line-pool.ts'
import { domainOf, messageIdFor } from '../../channels/email/mail.ts'
import type { MergeParts } from '../../core/merge.ts'
import { type Draft, type Runner, refused, resultOf } from '../runner.ts'
import { email, linkOf } from './definition.ts'
import { html, plainText } from './letter.ts'

/** A letter as it is frozen: everything but the addresses, which are read when it is sent. */
export type EmailContent = {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly fromName: string | null
  readonly unsubscribeUrl: string | null
}

export const runEmail: Runner<typeof email, EmailContent> = {
  of: email,
  // As many as there are lines: one more would only wait inside, and be called unknown if this process died.
  limits: { timeoutMs: 660_000, concurrency: LINES_MAX, payloadBytesMax: 500_000 },

  async prepare({ config, facts, class: messageClass, language, vendor, unsubscribeUrl }, render) {
    const text = (template: string) => ({ template, target: 'text' }) as const
    const parts: MergeParts = {
      subject: text(config.subject),
      body: text(config.body),
      ...(config.preheader === undefined ? {} : { preheader: text(config.preheader) }),
      ...(config.link ? { label: text(config.link.label), url: text(config.link.url) } : {}),
      ...(config.from ? { fromName: text(config.from.name) } : {}),
    }
    const merged = wordsOf(await render(parts, facts))
    if (merged.is !== 'ready') return merged
    const { subject = '', body = '', preheader, label = '', url, fromName } = merged.content
    const address = url === undefined ? null : linkOf(url)
    if (url !== undefined && address === null)
      return { is: 'broken', cause: 'the link does not begin with https://' }
    const optOut = messageClass === 'transactional' ? null : unsubscribeUrl
    const letter = {
      language,
      subject: oneLine(subject),
      preheader: preheader === undefined ? null : oneLine(preheader),
      body,
      link: address === null ? null : { label: oneLine(label), url: address },
      vendor,
      unsubscribeUrl: optOut,
    }
    return {
      is: 'ready',
      content: {
        subject: letter.subject,
        text: plainText(letter),
        html: html(letter),
        fromName: fromName === undefined ? null : oneLine(fromName),
        unsubscribeUrl: optOut,
      },
    }
  },

  async send({ content, recipient, sender, key, attempt, deadline, signal }, channels) {
    if (recipient.email === null) return refused('no_address', 'refused')
    const reply = await channels.email.send(
      {
        from: { name: content.fromName ?? sender.name, address: sender.address },
        to: {
          address: recipient.email,
          ...(recipient.name === null ? {} : { name: oneLine(recipient.name) }),
        },
        ...(sender.replyTo === null ? {} : { replyTo: { address: sender.replyTo } }),
        subject: content.subject,
        text: content.text,
        html: content.html,
        messageId: messageIdFor(key, domainOf(sender.address)),
        ...(content.unsubscribeUrl === null ? {} : { unsubscribe: { url: content.unsubscribeUrl } }),
      },
      { key, attempt, deadline, signal },
    )
    return resultOf(reply, { accepted: 'sent', rejected: 'refused' })
  },
}

type Words = { readonly [part: string]: string }

/** All parts as text, or every field that is missing in any of them. */
function wordsOf(merged: Awaited<ReturnType<Parameters<typeof runEmail.prepare>[1]>>): Draft<Words> {
  const words: Record<string, string> = {}
  const missing = new Set<string>()
  for (const [part, one] of Object.entries(merged)) {
    if (one.is === 'broken') return { is: 'broken', cause: `${part}: ${one.cause}` }
    if (one.is === 'unresolved') for (const field of one.fields) missing.add(field)
    else words[part] = one.text
  }
  return missing.size > 0 ? { is: 'unresolved', fields: [...missing] } : { is: 'ready', content: words }
}

// Words of people may hold line breaks and control characters; a header may not.
const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  text.replace(/[\s\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()
