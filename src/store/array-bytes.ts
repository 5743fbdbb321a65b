import { isMoment, isStorable } from './storable.ts'

/**
 * PostgreSQL's binary form of an array. A batch is made of arrays, and as text each JSON would be escaped word by
 * word here, sent twice as long, and unescaped there; so a server gets bytes. What cannot be written (a text that is
 * no UUID, a number out of range) gives null: then the text form goes out, and the server says what is wrong with it.
 */
export type ElementType = keyof typeof WRITERS

export const elementTypeOf = (cast: string): ElementType | null =>
  Object.hasOwn(WRITERS, cast) ? (cast as ElementType) : null

export function arrayBytes(type: ElementType, values: readonly unknown[]): Buffer | null {
  const { oid, size, write } = WRITERS[type]
  let bytes = HEADER_BYTES
  let hasNull = 0
  for (const value of values) {
    const length = value === null ? 0 : size(value)
    if (length < 0) return null
    if (value === null) hasNull = 1
    bytes += 4 + length
  }
  const out = Buffer.allocUnsafe(values.length === 0 ? EMPTY_BYTES : bytes)
  out.writeInt32BE(values.length === 0 ? 0 : 1, 0)
  out.writeInt32BE(hasNull, 4)
  out.writeInt32BE(oid, 8)
  if (values.length === 0) return out
  out.writeInt32BE(values.length, 12)
  out.writeInt32BE(1, 16)
  let at = HEADER_BYTES
  let before: unknown = NOTHING_YET
  let taken = 0
  for (const value of values) {
    if (value === before) {
      // Much of a batch is the same from row to row: its vendor, its journey, its kind.
      out.copyWithin(at, at - taken, at)
    } else if (value === null) {
      out.writeInt32BE(-1, at)
      taken = 4
    } else {
      const written = write(out, at + 4, value)
      if (written < 0) return null
      out.writeInt32BE(written, at)
      taken = 4 + written
    }
    before = value
    at += taken
  }
  return out
}

/** Dimensions, whether there are nulls, type; then length and lower bound of the one dimension. */
const EMPTY_BYTES = 12
const HEADER_BYTES = 20
const IMPOSSIBLE = -1
const NOTHING_YET = Symbol()

type Writer = {
  readonly oid: number
  readonly size: (value: unknown) => number
  /** Gives how many bytes were written. */
  readonly write: (out: Buffer, at: number, value: unknown) => number
}

const UUID_LENGTH = 36
/** Where in the text of a UUID each byte begins. */
const PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)
const NIBBLE = new Int8Array(2 ** 16).fill(IMPOSSIBLE)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  NIBBLE[digit.charCodeAt(0)] = value
  NIBBLE[digit.toUpperCase().charCodeAt(0)] = value
}

function writeUuid(out: Buffer, at: number, value: unknown): number {
  const text = value as string
  if (text[8] !== '-' || text[13] !== '-' || text[18] !== '-' || text[23] !== '-') return IMPOSSIBLE
  let wrong = 0
  for (let i = 0; i < 16; i += 1) {
    const place = PLACES[i]!
    const byte = (NIBBLE[text.charCodeAt(place)]! << 4) | NIBBLE[text.charCodeAt(place + 1)]!
    wrong |= byte
    out[at + i] = byte
  }
  return wrong < 0 ? IMPOSSIBLE : 16
}

const whole =
  (bytes: 2 | 4) =>
  (value: unknown): number =>
    Number.isInteger(value) && Math.abs(value as number) < 2 ** (8 * bytes - 1) ? bytes : IMPOSSIBLE

const YEAR_2000_MS = 946_684_800_000

const textSize = (value: unknown): number =>
  typeof value === 'string' && isStorable(value) ? Buffer.byteLength(value) : IMPOSSIBLE

const TWO_32 = 2 ** 32

function writeInt8(out: Buffer, at: number, value: number): number {
  out.writeInt32BE(Math.floor(value / TWO_32), at)
  out.writeUInt32BE(value >>> 0, at + 4)
  return 8
}

function writeMoment(out: Buffer, at: number, value: number): number {
  const since = value - YEAR_2000_MS
  const micros = since * 1_000
  if (Number.isSafeInteger(micros)) return writeInt8(out, at, micros)
  // Some centuries from now a double no longer holds every microsecond.
  return out.writeBigInt64BE(BigInt(since) * 1_000n, at) - at
}

const WRITERS = {
  uuid: {
    oid: 2950,
    size: (value) => (typeof value === 'string' && value.length === UUID_LENGTH ? 16 : IMPOSSIBLE),
    write: writeUuid,
  },
  text: { oid: 25, size: textSize, write: (out, at, value) => out.write(value as string, at) },
  int: { oid: 23, size: whole(4), write: (out, at, value) => out.writeInt32BE(value as number, at) - at },
  smallint: {
    oid: 21,
    size: whole(2),
    write: (out, at, value) => out.writeInt16BE(value as number, at) - at,
  },
  bigint: {
    oid: 20,
    size: (value) => (Number.isSafeInteger(value) ? 8 : IMPOSSIBLE),
    write: (out, at, value) => writeInt8(out, at, value as number),
  },
  boolean: {
    oid: 16,
    size: (value) => (typeof value === 'boolean' ? 1 : IMPOSSIBLE),
    write: (out, at, value) => out.writeUInt8(value ? 1 : 0, at) - at,
  },
  bytea: {
    oid: 17,
    size: (value) => (value instanceof Uint8Array ? value.length : IMPOSSIBLE),
    write(out, at, value) {
      out.set(value as Uint8Array, at)
      return (value as Uint8Array).length
    },
  },
  // Microseconds since 2000.
  timestamptz: {
    oid: 1184,
    size: (value) => (typeof value === 'number' && isMoment(value) ? 8 : IMPOSSIBLE),
    write: (out, at, value) => writeMoment(out, at, value as number),
  },
} as const satisfies Record<string, Writer>
