import { LINES_MAX } from '../../channels/email/line-pool.ts'
import type { MergeParts } from '../../core/merge.ts'
import type { Runner } from '../runner.ts'
import { linkOf } from './address.ts'
import { email } from './definition.ts'
import { html, plainText } from './letter.ts'
import { type EmailContent, oneLine, sendLetter, textsOf } from './send.ts'

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
    const merged = textsOf(await render(parts, facts))
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

  send: sendLetter,
}
