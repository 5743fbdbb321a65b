/** A letter to one person, as every email provider takes it. Texts are final: nothing is filled in any more. */
export type Mail = {
  readonly from: MailAddress
  readonly to: MailAddress
  readonly replyTo?: MailAddress
  /** Answers go there as well, beside `replyTo` or the sender. */
  readonly answersAlso?: MailAddress
  /** The sender on the envelope, to whom a letter comes back that cannot be delivered; else it is `from`. */
  readonly returnPath?: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Named by its effect key, the same on every attempt: `messageIdFor`. */
  readonly messageId: string
  /** One click unsubscribes (RFC 8058): the address takes a POST without cookies. */
  readonly unsubscribe?: { readonly url: string }
}
export type MailAddress = { readonly name?: string; readonly address: string }

export const MAIL_BYTES_MAX = 2_000_000

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** `<effect key in base32@sending domain>`: whoever got the letter twice can tell it is one letter (I5). */
export function messageIdFor(keyHex: string, domain: string): string {
  let bits = 0
  let held = 0
  let name = ''
  for (const byte of Buffer.from(keyHex, 'hex')) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      name += ALPHABET[(held >> bits) & 31]
    }
  }
  if (bits > 0) name += ALPHABET[(held << (5 - bits)) & 31]
  return `<${name}@${domain}>`
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/
const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]{1,253}$/
const LOOKS_LIKE_ADDRESS = /\S@\S+\.\S/

/**
 * What in a letter could break out of its header, or pretend; null when all is well. Everything that becomes a
 * header is looked at here, whatever the provider's library does.
 */
export function unsafeHeader(mail: Mail, staysHere: 'stays' | 'leaves' = 'leaves'): string | null {
  const lines = [
    mail.subject,
    mail.messageId,
    mail.unsubscribe?.url ?? '',
    ...[mail.from, mail.to, mail.replyTo, mail.answersAlso].flatMap((one) => [
      one?.name ?? '',
      one?.address ?? '',
    ]),
  ]
  if (lines.some((line) => CONTROL.test(line))) return 'control_character_in_header'
  if (lines.some((line) => line.length > 2_000)) return 'header_too_long'
  const { from, to, replyTo = from, answersAlso = from, returnPath = from.address } = mail
  const addresses = [...[from, to, replyTo, answersAlso].map((one) => one.address), returnPath]
  if (addresses.some((one) => !isAddress(one))) return 'address_unreadable'
  if (LOOKS_LIKE_ADDRESS.test(mail.from.name ?? '')) return 'sender_name_looks_like_address'
  if (!/^<[a-z0-9]{1,80}@[^\s@<>]{1,253}>$/.test(mail.messageId)) return 'message_id_unreadable'
  const { unsubscribe } = mail
  // What stays in the house may lead to the house; whoever is outside could not come there.
  const way = staysHere === 'stays' ? /^https?:\/\/[^\s<>]+$/ : /^https:\/\/[^\s<>]+$/
  if (unsubscribe && !way.test(unsubscribe.url)) return 'unsubscribe_address_unreadable'
  return null
}

function isAddress(address: string): boolean {
  if (!ADDRESS.test(address)) return false
  const [local = '', domain = ''] = address.split('@')
  const dots = (text: string): boolean => text.startsWith('.') || text.endsWith('.') || text.includes('..')
  return !dots(local) && !dots(domain)
}
