import type { Meaning, ReturnWhy } from '../../../core/returned-mail.ts'
import { answerText, textOfHtml } from './answer-text.ts'
import type { ReadMail } from './read-mail.ts'

/**
 * What a mail means that came to a return address. Reports by the standards first (RFC 3464, 5965, 8098), then mail
 * servers that write in words of their own, then machines that answer (RFC 3834); what is left was written by a person.
 */
export function meaningOf(mail: ReadMail, sender: string | null): Meaning {
  return (
    complaint(mail) ??
    deliveryStatus(mail) ??
    (part(mail, 'message/disposition-notification')
      ? ({ is: 'nothing', because: 'receipt' } as const)
      : null) ??
    returnedInWords(mail, sender) ??
    automatic(mail, sender) ??
    answer(mail)
  )
}

const TEXT_MAX = 10_000
const SAID_MAX = 500
const SUBJECT_MAX = 200
const ADDRESSES_CHARS_MAX = 1_000
/** A mail server says what is wrong before it copies the letter. */
const BOUNCE_CHARS_MAX = 5_000

const header = (mail: ReadMail, name: string): string => mail.headers.get(name)?.[0]?.trim() ?? ''
const part = (mail: ReadMail, type: string): string | undefined =>
  mail.reports.find((one) => one.type === type)?.text

/** The addresses a complaint is about: it goes to whoever runs the mail server, never to the return address. */
export function complainedAddresses(mail: ReadMail): readonly string[] {
  const report = part(mail, 'message/feedback-report')
  if (report === undefined) return []
  const [fields] = blocksOf(report)
  const letter = mail.reports.find((one) => /rfc822|global-headers/.test(one.type))?.text ?? ''
  const [headers] = blocksOf(letter)
  return [fields?.get('original-mail-from'), headers?.get('return-path'), headers?.get('reply-to')].flatMap(
    (one) => one?.slice(0, ADDRESSES_CHARS_MAX).match(/[^\s<>,:;"]+@[^\s<>,:;"]+/g) ?? [],
  )
}

function complaint(mail: ReadMail): Meaning | null {
  const report = part(mail, 'message/feedback-report')
  if (report === undefined) return null
  const kind = blocksOf(report)[0]?.get('feedback-type')?.toLowerCase() ?? ''
  return /^(abuse|fraud|virus|opt-out|opt-out-list|other|complaint|miscategorized)$/.test(kind)
    ? { is: 'complaint', kind }
    : { is: 'nothing', because: 'not_a_complaint' }
}

function deliveryStatus(mail: ReadMail): Meaning | null {
  const report = part(mail, 'message/delivery-status') ?? part(mail, 'message/global-delivery-status')
  if (report === undefined) return null
  const blocks = blocksOf(report).filter((one) => one.has('action') || one.has('status'))
  const told = blocks.find((one) => /^failed/i.test(one.get('action') ?? '')) ?? blocks[0]
  const action = (told?.get('action') ?? '').toLowerCase()
  const said = (told?.get('diagnostic-code') ?? '').replace(/^[a-z0-9-]+\s*;\s*/i, '') || null
  const status = statusIn(told?.get('status') ?? '') ?? statusIn(said ?? '')
  if (/^(delivered|relayed|expanded)/.test(action)) return { is: 'nothing', because: 'arrived' }
  if (/^delayed/.test(action) || (action === '' && status?.startsWith('4')))
    return { is: 'delayed', status, words: { said: said?.slice(0, SAID_MAX) ?? null } }
  return returned(precise(status, said), said ?? mail.text.slice(0, BOUNCE_CHARS_MAX))
}

/** Servers that say no more than 5.0.0 often say more in their words. */
const precise = (status: string | null, said: string | null): string | null =>
  status === null || /^[45]\.0\.0$/.test(status) ? (statusIn(said ?? '') ?? status) : status

const statusIn = (text: string): string | null =>
  /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(text)?.[0] ?? null

const DAEMON = /^(mailer-daemon|postmaster|mail-daemon|mdaemon|mail\.daemon)@/i
const DAEMON_SUBJECT =
  /undeliver|unzustellbar|non remis|delivery (status|failure|has failed|incomplete|problem)|returned mail|mail delivery|failure notice|could not be delivered|nicht zugestellt|no se pudo entregar|mancato recapito/i
const DELAYED_SUBJECT = /delay|warning:|verzögert|still being retried|not yet been delivered/i
const QMAIL = /^\s*Hi\. This is the\b/

/** Mail servers that know no reports: qmail, older Exim, and whatever sends what it likes. */
function returnedInWords(mail: ReadMail, sender: string | null): Meaning | null {
  const text = (mail.text || textOfHtml(mail.html)).slice(0, BOUNCE_CHARS_MAX)
  const named = header(mail, 'x-failed-recipients') !== ''
  const qmail = QMAIL.test(text)
  const daemon = (mail.from !== null && DAEMON.test(mail.from)) || DAEMON.test(sender ?? '')
  const told = DAEMON_SUBJECT.test(mail.subject) || DELAYED_SUBJECT.test(mail.subject)
  if (!named && !qmail && !(daemon && told)) return null
  const upToCopy = text.split(/^-{2,}.*(copy of the message|original message|this is a copy)/im)[0] ?? text
  const status = statusIn(upToCopy)
  if (DELAYED_SUBJECT.test(mail.subject) && !status?.startsWith('5'))
    return { is: 'delayed', status, words: { said: upToCopy.trim().slice(0, SAID_MAX) } }
  return returned(status, upToCopy)
}

/** What is said of a mailbox that nobody has, by servers that give no better number. */
const NOBODY =
  /user unknown|unknown user|unknown recipient|no such (user|recipient|address|mailbox|person|account)|(user|recipient|account|mailbox|address|person)\b.{0,40}(not found|does ?n[o']t exist|unknown)|doesn'?t have an? \S+ account|no mailbox here|invalid (recipient|mailbox|address)|not a (valid|known) (user|mailbox|recipient)|this address no longer/i
const CLOSED = /(disabled|deactivated|inactive|suspended|closed|no longer (active|in use|available))/i
const NO_DOMAIN =
  /(host|domain)( name)?\b.{0,60}(not found|does ?n[o']t exist|unknown|no such)|nxdomain|name service error|unrouteable|unable to route|couldn'?t find any host|bad destination mailbox domain|null mx|does not accept mail/i
const FULL =
  /(mailbox|quota|storage|inbox)\b.{0,40}(full|exceed)|over ?quota|out of storage|insufficient (disk )?storage/i
const POLICY =
  /spam|block(ed|list)|blacklist|policy|reputation|dmarc|spf|dkim|banned|unsolicited|rate|greylist|denied by/i

function returned(status: string | null, said: string): Meaning {
  const why = whyOf(status, said)
  const dead = why === 'mailbox_unknown' || why === 'domain_unknown' || why === 'mailbox_closed'
  return { is: 'returned', why, status, dead, words: { said: oneLine(said).slice(0, SAID_MAX) || null } }
}

/** RFC 3463 with the habits of the large providers. In doubt an address lives: it is not silenced by a guess. */
function whyOf(status: string | null, said: string): ReturnWhy {
  const [kind, subject, detail] = (status ?? '').split('.')
  const is = (...all: readonly string[]): boolean => all.includes(`${subject}.${detail}`)
  if (kind === '4') return is('2.2') || FULL.test(said) ? 'mailbox_full' : 'not_reached'
  if (is('2.2') || FULL.test(said)) return 'mailbox_full'
  if (is('2.3', '3.4')) return 'too_large'
  if (is('1.2', '4.4') || (is('1.10') && /null mx/i.test(said))) return 'domain_unknown'
  if (is('1.1', '1.3', '1.6', '1.10'))
    return POLICY.test(said) && !NOBODY.test(said) ? 'refused' : 'mailbox_unknown'
  if (is('2.1')) return POLICY.test(said) ? 'refused' : 'mailbox_closed'
  // Microsoft says so of an address that its directory does not know.
  if (is('4.1') && /recipient address rejected/i.test(said)) return 'mailbox_unknown'
  if (subject === '7') return 'refused'
  if (NO_DOMAIN.test(said)) return 'domain_unknown'
  if (NOBODY.test(said) && !POLICY.test(said)) return 'mailbox_unknown'
  if (CLOSED.test(said) && !POLICY.test(said)) return 'mailbox_closed'
  if (POLICY.test(said)) return 'refused'
  return subject === '4' ? 'not_reached' : 'other'
}

const AWAY =
  /^\s*(auto(matic|matische|matisk)?\s?(reply|response|antwort|svar)\b|automatic reply|out of (the )?office|ooo\b|away from|on vacation|abwesenheit|automatische antwort|réponse automatique|absence|risposta automatica|fuori ufficio|respuesta automática|resposta automática|automatisch antwoord|autosvar|automatická odpověď)/iu
const SAYS_AUTOMATIC = [
  'x-autoreply',
  'x-autorespond',
  'x-auto-reply',
  'x-autoreply-from',
  'x-autogenerated',
  'x-boxtrapper',
  'x-mail-autoreply',
]

function automatic(mail: ReadMail, sender: string | null): Meaning | null {
  const submitted = header(mail, 'auto-submitted').toLowerCase()
  const says =
    (submitted !== '' && !/^no\b/.test(submitted)) ||
    /^(auto_reply|auto-reply|bulk|junk|list)$/i.test(header(mail, 'precedence')) ||
    SAYS_AUTOMATIC.some((name) => mail.headers.has(name)) ||
    mail.headers.has('list-id') ||
    // Whoever does not want to hear what becomes of a mail did not write it by hand.
    sender === '' ||
    /^<\s*>$/.test(header(mail, 'return-path')) ||
    (mail.from !== null && DAEMON.test(mail.from))
  const away = AWAY.test(mail.subject)
  if (!says && !away) return null
  const words = { text: wordsOf(mail), subject: oneLine(mail.subject).slice(0, SUBJECT_MAX) }
  return { is: 'automatic', kind: away || /^auto-replied/.test(submitted) ? 'away' : 'other', words }
}

function answer(mail: ReadMail): Meaning {
  const text = wordsOf(mail)
  if (text === '' && mail.files === 0) return { is: 'nothing', because: 'empty' }
  const subject = oneLine(mail.subject).slice(0, SUBJECT_MAX)
  return { is: 'answer', from: mail.from, files: mail.files, words: { text, subject, from: mail.from } }
}

const wordsOf = (mail: ReadMail): string =>
  answerText(mail.text.trim() === '' ? textOfHtml(mail.html) : mail.text).slice(0, TEXT_MAX)

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Fields by name in small letters, block by block as blank lines part them; folded lines are one. */
function blocksOf(text: string): Map<string, string>[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((block) => {
      const fields = new Map<string, string>()
      for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
        const at = line.indexOf(':')
        const name = line.slice(0, at).trim().toLowerCase()
        if (at > 0 && !fields.has(name)) fields.set(name, line.slice(at + 1).trim())
      }
      return fields
    })
    .filter((fields) => fields.size > 0)
}
