/** The address behind a button as it may be written into a letter; null when it leads nowhere good. */
export function linkOf(text: string): string | null {
  const url = URL.parse(text.trim())
  const good = url !== null && isSafe(url) && url.username === '' && url.password === ''
  return good ? url.href : null
}

/** In the embedded set-up the house's own pages are on this machine, without a certificate. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname))

const MAILTO = /^mailto:[^\s@<>(),;:"\\[\]?&]{1,64}@[A-Za-z0-9.-]{1,253}$/
const TEL = /^tel:\+?[0-9().-]{3,30}$/

/** A link within words may also begin a letter or a call. */
export function addressOf(text: string, target: 'link' | 'button'): string | null {
  const trimmed = text.trim()
  if (target === 'link' && (MAILTO.test(trimmed) || TEL.test(trimmed))) return trimmed
  return linkOf(trimmed)
}

/**
 * An address in which fields stand: the first, when it begins the address, is an address itself (`{{ links.tour }}`);
 * every other is a value in it, and is encoded as one.
 */
export function urlParts(template: string): { readonly head: string; readonly tail: string } {
  const head = /^\s*\{\{[^}]*\}\}/.exec(template)?.[0] ?? ''
  return { head, tail: template.slice(head.length) }
}
