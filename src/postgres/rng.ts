import { randomFillSync } from 'node:crypto'
import type { Instant } from '../core/time/instant.ts'
import type { Rng } from '../ports.ts'

/** The operating system's randomness, fetched 4 KiB at a time: a call for each id costs more than the id. */
export function systemRng(): Rng {
  const pool = new Uint8Array(4_096)
  let used = pool.length
  const take = (bytes: number): Uint8Array => {
    if (used + bytes > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += bytes
    return pool.subarray(used - bytes, used)
  }
  return {
    u32: () => Buffer.from(take(4)).readUInt32LE(0),
    uuid7: (now: Instant) => uuid7(now, take(10)),
  }
}

/** RFC 9562, version 7: 48 bits of milliseconds, so that ids made later sort later, and 74 random bits. */
export function uuid7(now: Instant, random: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
