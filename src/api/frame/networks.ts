import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import { Refusal } from '../../core/refusal.ts'
import { addressOf, type Limits } from './limits.ts'
import { remoteOf } from './remote.ts'

/**
 * From where a key or an address is taken (security T23): addresses and ranges; none named is from anywhere. IPv4 is
 * IPv4 however it is dressed, and what cannot be read, on either side, is not let in.
 */
type Plain = { readonly text: string; readonly family: 'ipv4' | 'ipv6' }
type Network = Plain & { readonly prefix: number }

const MAPPED_BITS = 96
const BITS = { ipv4: 32, ipv6: 128 } as const

export function isFrom(networks: readonly string[], remote: string | undefined): boolean {
  if (networks.length === 0) return true
  const address = remote === undefined ? null : plain(remote)
  if (address === null) return false
  // Of its own family alone: Node's list would find every IPv4 address within ::/0.
  const list = new BlockList()
  for (const one of networks) {
    const network = readNetwork(one)
    if (network?.family === address.family) list.addSubnet(network.text, network.prefix, network.family)
  }
  return list.check(address.text, address.family)
}

/** An address, or a range of them; null for what is neither. */
export function readNetwork(text: string): Network | null {
  const [address = '', prefix, ...rest] = text.split('/')
  const found = rest.length === 0 ? plain(address) : null
  if (found === null) return null
  const bits = prefix === undefined ? BITS[isIP(address) === 4 ? 'ipv4' : 'ipv6'] : bitsOf(prefix)
  if (bits === null) return null
  const left = isIP(address) === 6 && found.family === 'ipv4' ? bits - MAPPED_BITS : bits
  return left >= 0 && left <= BITS[found.family] ? { ...found, prefix: left } : null
}

const bitsOf = (text: string): number | null => (/^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null)

/** One way of writing for each address; null for what is none, and for one that means nothing beyond its own line. */
function plain(text: string): Plain | null {
  if (isIP(text) === 4) return { text, family: 'ipv4' }
  if (isIP(text) !== 6 || text.includes('%')) return null
  const written = URL.parse(`http://[${text}]`)?.hostname.slice(1, -1)
  if (written === undefined) return null
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written)
  if (!mapped) return { text: written, family: 'ipv6' }
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)]
  return { text: [high >> 8, high & 255, low >> 8, low & 255].join('.'), family: 'ipv4' }
}

/** As they are kept: each readable, each once. */
export function readableNetworks(given: readonly string[]): string[] {
  const wrong = given.filter((one) => readNetwork(one) === null)
  if (wrong.length > 0)
    throw new Refusal(
      'invalid',
      `These are no addresses and no ranges: ${wrong.join(', ')}. Write 203.0.113.7, or 203.0.113.0/24.`,
    )
  return [...new Set(given)]
}

/** A key that was carried off uses up nothing of its business's: it is counted like a stranger. */
export async function refuseKeyElsewhere(
  limits: Limits,
  networks: readonly string[],
  c: Context,
): Promise<void> {
  if (isFrom(networks, remoteOf(c))) return
  await limits.count('stranger', addressOf(remoteOf(c)))
  refuseElsewhere('key', networks, c)
}

/** Whoever holds the secret is told from where they came; for everybody else there is nothing to be told. */
export function refuseElsewhere(what: 'key' | 'address', networks: readonly string[], c: Context): void {
  const remote = remoteOf(c)
  if (isFrom(networks, remote)) return
  throw new Refusal(
    'address_not_allowed',
    `This ${what} is not taken from ${remote ?? 'an unknown place'}: it is limited to other networks. Whoever made it can add yours.`,
  )
}
