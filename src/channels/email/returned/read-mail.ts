import PostalMime, { type Address, type Email } from 'postal-mime'

/** A mail as it came in, taken apart; what it means is `meaning.ts`. */
export type ReadMail = {
  /** By name in small letters; in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly from: string | null
  readonly subject: string
  readonly messageId: string | null
  readonly text: string
  readonly html: string
  /** What reports are made of: status, complaint, the letter they are about. */
  readonly reports: readonly { readonly type: string; readonly text: string }[]
  readonly files: number
}

/** What comes first decides; pictures of a wedding that follow are not read. */
const READ_BYTES_MAX = 1_000_000
const HEADERS_BYTES_MAX = 200_000
const NESTED_MAX = 20
const SUBJECT_CHARS_MAX = 1_000
const REPORT_CHARS_MAX = 20_000
const OF_REPORTS = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/disposition-notification',
  'message/rfc822',
  'message/rfc822-headers',
  'message/global-headers',
  'text/rfc822-headers',
])

const OF_MAILS = new Set([
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'received',
  'return-path',
  'content-type',
])

/** Null for what is no mail. */
export async function readMail(raw: Uint8Array): Promise<ReadMail | null> {
  let mail: Email
  try {
    mail = await PostalMime.parse(raw.subarray(0, READ_BYTES_MAX), {
      forceRfc822Attachments: true,
      maxNestingDepth: NESTED_MAX,
      maxHeadersSize: HEADERS_BYTES_MAX,
    })
  } catch {
    return null
  }
  if (!mail.headers.some(({ key }) => OF_MAILS.has(key))) return null
  const headers = new Map<string, string[]>()
  for (const { key, value } of mail.headers) headers.set(key, [...(headers.get(key) ?? []), value])
  const parts = mail.attachments.map((one) => ({ type: one.mimeType.toLowerCase(), content: one.content }))
  return {
    headers,
    from: addressOf(mail.from),
    subject: (mail.subject ?? '').slice(0, SUBJECT_CHARS_MAX),
    messageId: mail.messageId ?? null,
    text: mail.text ?? '',
    html: mail.html ?? '',
    reports: parts.flatMap(({ type, content }) =>
      OF_REPORTS.has(type) ? [{ type, text: textOf(content).slice(0, REPORT_CHARS_MAX) }] : [],
    ),
    files: parts.filter(({ type }) => !OF_REPORTS.has(type)).length,
  }
}

const addressOf = (one: Address | undefined): string | null => one?.address?.toLowerCase() || null

const textOf = (content: ArrayBuffer | Uint8Array | string): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(content)
