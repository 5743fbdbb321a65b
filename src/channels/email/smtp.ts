import MailComposer from 'nodemailer/lib/mail-composer'
import type { Instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { busy, type Channel, type Delivery, notBegun, rejected, tooLate, unknown } from '../channel.ts'
import { linePool } from './line-pool.ts'
import { MAIL_BYTES_MAX, type Mail, type MailAddress, unsafeHeader } from './mail.ts'
import type { SmtpLine, SmtpServer, SmtpTrouble } from './smtp-line.ts'

/** Email by SMTP; how lines are shared is `line-pool.ts`. The classification of replies is reliability 1.3. */
export type SmtpChannel = Channel<Mail> & { close(): void }

const LOST_LINE = new Set(['econnection', 'esocket'])
/** Refused by the library itself, without asking the server: an address or a size the server said it cannot take. */
const REFUSED_HERE = new Set(['eenvelope', 'emessage'])
/** Servers that ask strangers to come again want some minutes in between. */
const RECIPIENT_RETRY_MS = 300_000

export function smtp(server: SmtpServer, parts: { readonly now: () => Instant }): SmtpChannel {
  const pool = linePool(server)

  /** Uses one line for one letter; null when a kept line had been dead before it heard of the letter. */
  async function deliver(
    mail: Mail,
    letter: Buffer,
    delivery: Delivery,
    line: SmtpLine,
  ): Promise<ProviderReply | null> {
    const kept = line.opened
    if (!kept) {
      const failed = await line.open(server.auth, delivery.signal)
      if (failed !== null) return replyTo(failed)
    }
    const late = tooLate(delivery, parts.now())
    if (late !== null) return late
    const sent = await line.send(
      { from: mail.returnPath ?? mail.from.address, to: mail.to.address },
      letter,
      delivery.signal,
    )
    if (sent.is === 'sent') return { is: 'accepted', ref: sent.response.slice(0, 200) || null }
    const hungUp = sent.trouble.stage === 'envelope' && LOST_LINE.has(sent.trouble.cause)
    line.close()
    return kept && hungUp ? null : replyTo(sent.trouble)
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
      let line = await pool.take(delivery.signal)
      if (line === null) return notBegun('aborted_before_start')
      try {
        const reply = await deliver(mail, letter, delivery, line)
        if (reply !== null) return reply
        // A fresh line instead of the dead one is not a second attempt: the server never heard of this letter.
        line = pool.replace(line)
        return (await deliver(mail, letter, delivery, line)) ?? busy('smtp_line_lost')
      } finally {
        pool.give(line)
      }
    },
    close: () => pool.close(),
  }
}

/** What we know after trouble. Only a reply, or a letter not yet handed over, makes it certain (I10). */
export function replyTo(trouble: SmtpTrouble): ProviderReply {
  const { stage, code, cause } = trouble
  const replied = code !== undefined && code >= 400 && code < 600
  if (stage === 'handed_over' && !replied) return unknown(`smtp_${cause}_after_hand_over`)
  if (stage === 'connecting')
    return busy(`smtp_${trouble.reason ?? cause}${code === undefined ? '' : `_${code}`}`)
  if (!replied) return REFUSED_HERE.has(cause) ? rejected(`smtp_${cause}`) : busy(`smtp_${cause}`)
  const aboutRecipient = trouble.command === 'RCPT TO'
  if (code < 500)
    return busy(
      `${aboutRecipient ? 'recipient' : 'smtp'}_${code}`,
      aboutRecipient ? RECIPIENT_RETRY_MS : null,
    )
  // 503 is about the order of commands and 530 about logging in: neither is about this letter.
  if (code === 503 || code === 530) return busy(`smtp_${code}`)
  const refusal = rejected(aboutRecipient ? `recipient_${code}` : `smtp_${code}`, trouble.response)
  return aboutRecipient && refusal.is === 'rejected' && saysDead(code, trouble.response ?? '')
    ? { ...refusal, address: 'dead' }
    : refusal
}

/**
 * A server that knows nobody by this name says 5.1.x (RFC 3463); an old one only 550. What it refuses for other
 * reasons (a full mailbox, our reputation) says nothing about the address.
 */
function saysDead(code: number, response: string): boolean {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(response)
  if (enhanced) return enhanced[1] === '1' && ['1', '2', '3', '6', '10'].includes(enhanced[2] ?? '')
  return code === 550 && !/spam|block|policy|reputation|denied|reject|quota|full/i.test(response)
}

const addressOf = ({ name, address }: MailAddress): { name: string; address: string } => ({
  name: name ?? '',
  address,
})

/** A mail program that knows but one address for answers takes the first: the one it would have been without us. */
function answersTo({ from, replyTo, answersAlso }: Mail) {
  if (!answersAlso) return replyTo ? { replyTo: addressOf(replyTo) } : {}
  return { replyTo: [addressOf(replyTo ?? from), addressOf(answersAlso)] }
}

export function composed(mail: Mail): Promise<Buffer> {
  const { unsubscribe } = mail
  const node = new MailComposer({
    from: addressOf(mail.from),
    to: addressOf(mail.to),
    ...answersTo(mail),
    subject: mail.subject,
    messageId: mail.messageId,
    // The same on every attempt, as everything else but the date.
    baseBoundary: mail.messageId.slice(1, 33),
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
