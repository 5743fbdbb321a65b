import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, buildConnector } from 'undici'

/**
 * The way out for addresses other people have typed in. It decides to which hosts a request may go, and makes
 * sure that it goes there: names are resolved once, every address of a name is judged, and the socket is opened
 * to one that was judged. Literal addresses never reach the resolver, so they are judged before.
 */
export type OutwardPolicy = {
  /** Our own hosts and whatever else is not to be called, with everything below them. */
  readonly forbiddenHosts: readonly string[]
  /** For tests on one machine: http, any port and loopback are allowed as well. */
  readonly allowLoopback?: boolean
  /** Inner networks are allowed as well, because whoever runs the house says so. */
  readonly allowInner?: boolean
  /** Other ports than those of HTTPS. */
  readonly ports?: readonly number[]
  readonly lookup?: Lookup
}
export type Lookup = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void

export const CONNECT_MS_MAX = 5_000
const PORTS: readonly number[] = [443, 8443]
const URL_CHARS_MAX = 2_000

/** The connection was never made, so nothing can have been received. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected'
}
/** An address nobody may be sent to; certain, and asking again cannot help. */
export class Forbidden extends NotConnected {
  readonly why: string
  constructor(why: string) {
    super(`not allowed to go there: ${why}`)
    this.why = why
  }
}

/** Reads an address and judges what can be judged before any name is looked up. Throws `Forbidden`. */
export function outwardUrl(text: string, policy: OutwardPolicy): URL {
  if (text.length > URL_CHARS_MAX) throw new Forbidden('address_too_long')
  const url = URL.parse(text)
  if (url === null) throw new Forbidden('address_unreadable')
  if (url.username !== '' || url.password !== '') throw new Forbidden('credentials_in_address')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const literal = isIP(host) !== 0
  if (literal) judgeAddress(host, policy)
  const local = policy.allowLoopback === true && (literal ? isLoopback(host) : host === 'localhost')
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:')) throw new Forbidden('not_https')
  const port = url.port === '' ? 443 : Number(url.port)
  if (!(policy.ports ?? PORTS).includes(port) && !local) throw new Forbidden('port_not_allowed')
  if (!literal && !local) judgeName(host, policy)
  return url
}

/** Judges where somebody wants a line to, before any name is looked up. Throws `Forbidden`. */
export function judgePlace(host: string, port: number, policy: OutwardPolicy): void {
  const literal = isIP(host) !== 0
  if (literal) judgeAddress(host, policy)
  else if (!(policy.allowLoopback === true && host === 'localhost')) judgeName(host, policy)
  const anyPort = policy.allowLoopback === true && (literal ? isLoopback(host) : host === 'localhost')
  if (!anyPort && !(policy.ports ?? PORTS).includes(port)) throw new Forbidden('port_not_allowed')
}

function judgeName(host: string, policy: OutwardPolicy): void {
  const name = host.toLowerCase().replace(/\.$/, '')
  // One label or a name reserved for inner networks leads nowhere outside, whatever a search domain makes of it.
  if (
    policy.allowInner !== true &&
    (!name.includes('.') ||
      /\.(localhost|local|internal|intranet|lan|home|corp|onion)$|\.home\.arpa$/.test(name))
  ) {
    throw new Forbidden('inner_name')
  }
  const forbidden = policy.forbiddenHosts.map((one) => one.toLowerCase())
  if (forbidden.some((one) => name === one || name.endsWith(`.${one}`))) throw new Forbidden('own_host')
}

/** Only addresses of the public internet. The IPv6 belt (2000::/3) is for forms the ranges do not know, like ::7f00:1. */
function judgeAddress(address: string, policy: OutwardPolicy): void {
  const parsed = ipaddr.isValid(address) ? ipaddr.parse(address) : null
  if (parsed === null) throw new Forbidden('address_unreadable')
  if (policy.allowLoopback === true && parsed.range() === 'loopback') return
  if (policy.allowInner === true && INNER.includes(parsed.range())) return
  const global = parsed.kind() === 'ipv4' || ((parsed.toByteArray()[0] ?? 0) & 0xe0) === 0x20
  if (parsed.range() !== 'unicast' || !global) throw new Forbidden('inner_address')
}
/** What lies in the same network or on the same machine; where cloud providers keep secrets (link-local) is not in it. */
const INNER: readonly string[] = ['private', 'uniqueLocal', 'loopback']

const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback'

/** Looks a name up and gives its addresses only if every one of them may be gone to. */
export function judgedLookup(policy: OutwardPolicy): LookupFunction {
  const resolve: Lookup =
    policy.lookup ?? ((host, done) => systemLookup(host, { all: true, verbatim: true }, done))
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error) return done(error, [])
      try {
        if (addresses.length === 0) throw new Forbidden('no_address')
        for (const { address } of addresses) judgeAddress(address, policy)
      } catch (forbidden) {
        return done(forbidden as Error, [])
      }
      if (options.all === true) return done(null, [...addresses])
      const [first] = addresses
      done(null, first?.address ?? '', first?.family ?? 4)
    })
  }
}

/** A dispatcher of its own, never the global one: no proxy, no kept connections, judged addresses only. */
export function outwardAgent(policy: OutwardPolicy): Agent {
  const connector = buildConnector({ timeout: CONNECT_MS_MAX, lookup: judgedLookup(policy) })
  return new Agent({
    pipelining: 0,
    connections: 8,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16_384,
    connect: (options, done) => {
      const host = options.hostname.replace(/^\[|\]$/g, '')
      try {
        if (isIP(host) !== 0) judgeAddress(host, policy)
      } catch (forbidden) {
        return done(forbidden as Error, null)
      }
      connector(options, (error, socket) => {
        if (error === null) done(null, socket)
        else
          done(
            error instanceof NotConnected ? error : new NotConnected(reasonOf(error), { cause: error }),
            null,
          )
      })
    },
  })
}

/** A short cause: the system's code where there is one. */
function reasonOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code.toLowerCase() : 'connect_failed'
}
