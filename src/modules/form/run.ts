import { runEmail } from '../email/run.ts'
import type { EmailContent } from '../email/send.ts'
import type { Runner } from '../runner.ts'
import { formLetter } from './definition.ts'

/**
 * The letter with a form is a letter with a link: how letters look and leave is the email module's. The link itself is
 * made by the house before the words are filled in (`engine/form-links`), and is the same in every reminder.
 */
export const runFormLetter: Runner<typeof formLetter, EmailContent> = {
  of: formLetter,
  limits: runEmail.limits,
  prepare({ config, ...input }, render) {
    const { subject, body, button } = config
    return runEmail.prepare(
      { ...input, config: { subject, body, link: { label: button, url: '{{ link }}' } } },
      render,
    )
  },
  send: runEmail.send,
}
