import type { Document } from '../email/document.ts'
import { runEmail } from '../email/run.ts'
import { runRichEmail } from '../email/run-rich.ts'
import type { EmailContent } from '../email/send.ts'
import type { Runner } from '../runner.ts'
import { formLetter } from './definition.ts'

/**
 * The letter with a form is a letter with a button: how letters look and leave is the email module's. The link itself
 * is made by the house before the words are filled in (`engine/form-links`), and is the same in every reminder.
 */
export const runFormLetter: Runner<typeof formLetter, EmailContent> = {
  of: formLetter,
  limits: runEmail.limits,
  prepare({ config, ...input }, render, layOut) {
    const { subject, body, button } = config
    return layOut
      ? runRichEmail.prepare({ ...input, config: { subject, body: letterOf(body, button) } }, render, layOut)
      : runEmail.prepare({ ...input, config: { subject, body, link: { label: button, url: LINK } } }, render)
  },
  send: runEmail.send,
}

const LINK = '{{ link }}'

const letterOf = (body: string, button: string): Document => ({
  type: 'doc',
  content: [
    { type: 'liquid', attrs: { text: body } },
    { type: 'button', attrs: { label: button, url: LINK } },
  ],
})
