import MailComposer from 'nodemailer/lib/mail-composer'
import type { Instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { busy, type Channel, type Delivery, rejected, tooLate, unknown } from '../channel.ts'
import { MAIL_BYTES_MAX, type Mail, type MailAddress, unsafeHeader } from './mail.ts'
import { SmtpLine, type SmtpServer, type SmtpTrouble } from './smtp-line.ts'

/** Email by SMTP. Lines are kept for `idleMs` and reused; the classification of replies is reliability 1.3. */
export type SmtpChannel = Channel<Mail> & { close(): void }

const IDLE_MS = 5_000
const IDLE_LINES_MAX = 4
const LOST_LINE = new Set(['econnection', 'esocket'])
/** Refused by the library itself, without asking the server: an address or a size the server said it cannot take. */
const REFUSED_HERE = new Set(['eenvelope', 'emessage'])
/** Servers that ask strangers to come again want some minutes in between. */
const RECIPIENT_RETRY_MS = 300_000

export function smtp(server: SmtpServer, parts: { readonly now: () => Instant }): SmtpChannel {
  const idle: { line: SmtpLine; timer: NodeJS.Timeout }[] = []

  function keep(line: SmtpLine): void {
    if (line.broken || idle.length >= IDLE_LINES_MAX) {
      line.close()
      return
    }
    const timer = setTimeout(() => drop(line), IDLE_MS)
    timer.unref()
    idle.push({ line, timer })
  }
  function drop(line: SmtpLine): void {
    const index = idle.findIndex((one) => one.line === line)
    if (index >= 0) clearTimeout(idle.splice(index, 1)[0]?.timer)
    line.close()
  }
  function takeIdle(): SmtpLine | null {
    const found = idle.pop()
    if (!found) return null
    clearTimeout(found.timer)
    if (!found.line.broken) return found.line
    found.line.close()
    return takeIdle()
  }

  async function deliver(
    mail: Mail,
    letter: Buffer,
    delivery: Delivery,
    line: SmtpLine,
  ): Promise<ProviderReply> {
    if (!line.used) {
      const failed = await line.open(server.auth, delivery.signal)
      if (failed !== null) {
        line.close()
        return replyTo(failed)
      }
      const late = tooLate(delivery, parts.now())
      if (late !== null) {
        keep(line)
        return late
      }
    }
    const wasUsed = line.used
    const sent = await line.send({ from: mail.from.address, to: mail.to.address }, letter, delivery.signal)
    if (sent.is === 'sent') {
      keep(line)
      return { is: 'accepted', ref: sent.response.slice(0, 200) || null }
    }
    line.close()
    // The server had hung up on a kept line before it heard of this letter: a fresh line is not a second attempt.
    const hungUp = sent.trouble.stage === 'envelope' && LOST_LINE.has(sent.trouble.cause)
    if (wasUsed && hungUp && tooLate(delivery, parts.now()) === null) {
      return deliver(mail, letter, delivery, new SmtpLine(server))
    }
    return replyTo(sent.trouble)
  }

  return {
    name: 'smtp',
    async send(mail, delivery) {
      const unsafe = unsafeHeader(mail)
      if (unsafe !== null) return rejected(unsafe)
      const letter = await composed(mail)
      if (letter.length > MAIL_BYTES_MAX) return rejected('letter_too_large')
      const late = tooLate(delivery, parts.now())
      if (late !== null) return late
      return deliver(mail, letter, delivery, takeIdle() ?? new SmtpLine(server))
    },
    close() {
      for (const { line } of [...idle]) drop(line)
    },
  }
}

/** What we know after trouble. Only a reply, or a letter not yet handed over, makes it certain (I10). */
export function replyTo(trouble: SmtpTrouble): ProviderReply {
  const { stage, code, cause } = trouble
  const replied = code !== undefined && code >= 400 && code < 600
  if (stage === 'handed_over' && !replied) return unknown(`smtp_${cause}_after_hand_over`)
  if (stage === 'connecting') return busy(code === undefined ? `smtp_${cause}` : `smtp_${cause}_${code}`)
  if (!replied) return REFUSED_HERE.has(cause) ? rejected(`smtp_${cause}`) : busy(`smtp_${cause}`)
  const aboutRecipient = trouble.command === 'RCPT TO'
  if (code < 500)
    return busy(
      `${aboutRecipient ? 'recipient' : 'smtp'}_${code}`,
      aboutRecipient ? RECIPIENT_RETRY_MS : null,
    )
  // 503 is about the order of commands and 530 about logging in: neither is about this letter.
  if (code === 503 || code === 530) return busy(`smtp_${code}`)
  return rejected(aboutRecipient ? `recipient_${code}` : `smtp_${code}`, trouble.response)
}

const addressOf = ({ name, address }: MailAddress): { name: string; address: string } => ({
  name: name ?? '',
  address,
})

function composed(mail: Mail): Promise<Buffer> {
  const { unsubscribe } = mail
  const node = new MailComposer({
    from: addressOf(mail.from),
    to: addressOf(mail.to),
    ...(mail.replyTo ? { replyTo: addressOf(mail.replyTo) } : {}),
    subject: mail.subject,
    messageId: mail.messageId,
    text: mail.text,
    html: mail.html,
    ...(unsubscribe
      ? {
          headers: {
            'List-Unsubscribe': `<${unsubscribe.url}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        }
      : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return node.compile().build()
}
