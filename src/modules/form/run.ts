import type { MergeParts } from '../../core/merge.ts'
import { html, type Letter, plainText } from '../email/letter.ts'
import { type EmailContent, runEmail } from '../email/run.ts'
import type { Draft, Runner } from '../runner.ts'
import { formLetter } from './definition.ts'

/**
 * The letter with a form is a letter with a link: how letters look and leave is the email module's. The link itself is
 * made by the house before the words are filled in (`engine/form-links`), and is the same in every reminder.
 */
export const runFormLetter: Runner<typeof formLetter, EmailContent> = {
  of: formLetter,
  limits: runEmail.limits,

  async prepare({ config, facts, class: messageClass, language, vendor, unsubscribeUrl }, render) {
    const text = (template: string) => ({ template, target: 'text' }) as const
    const parts: MergeParts = {
      subject: text(config.subject),
      body: text(config.body),
      label: text(config.button),
      url: text('{{ link }}'),
    }
    const merged = wordsOf(await render(parts, facts))
    if (merged.is !== 'ready') return merged
    const { subject = '', body = '', label = '', url = '' } = merged.content
    const optOut = messageClass === 'transactional' ? null : unsubscribeUrl
    const letter: Letter = {
      language,
      subject: oneLine(subject),
      preheader: null,
      body,
      link: { label: oneLine(label), url },
      vendor,
      unsubscribeUrl: optOut,
    }
    return {
      is: 'ready',
      content: {
        subject: letter.subject,
        text: plainText(letter),
        html: html(letter),
        fromName: null,
        unsubscribeUrl: optOut,
      },
    }
  },

  send: runEmail.send,
}

/** All parts as text, or every field that is missing in any of them. */
function wordsOf(
  merged: Awaited<ReturnType<Parameters<typeof runFormLetter.prepare>[1]>>,
): Draft<{ readonly [part: string]: string }> {
  const words: Record<string, string> = {}
  const missing = new Set<string>()
  for (const [part, one] of Object.entries(merged)) {
    if (one.is === 'broken') return { is: 'broken', cause: `${part}: ${one.cause}` }
    if (one.is === 'unresolved') for (const field of one.fields) missing.add(field)
    else words[part] = one.text
  }
  return missing.size > 0 ? { is: 'unresolved', fields: [...missing] } : { is: 'ready', content: words }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
