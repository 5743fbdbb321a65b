import { createCipheriv, createDecipheriv, createHash, hkdfSync, type KeyObject } from 'node:crypto'
import { pipeline, Readable, type Transform } from 'node:stream'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { Refusal } from '../core/refusal.ts'

/**
 * The shape of a backup file, from the outside in: a readable header; then sealed chunks, each bound to the header,
 * to its place and to whether it is the last, so that nothing can be changed, moved, left out or cut off unseen;
 * inside, one compressed stream of frames. The key is derived from the master key and a salt of this file alone, so
 * that counting up the nonce never repeats one.
 */
export const FORMAT = 1
const MAGIC = Buffer.from('WEDSYNC-BACKUP\n')
const CHUNK_BYTES = 262_144
const TAG_BYTES = 16
const HEADER_BYTES_MAX = 1_048_576
const LAST = 0x8000_0000

const headerSchema = z.object({
  format: z.literal(FORMAT),
  program: z.string(),
  /** The moment the snapshot was taken: everything committed before it is in, nothing after it. */
  at: z.iso.datetime(),
  installation: z.uuid(),
  postgres: z.string(),
  zoneData: z.string(),
  migrations: z.array(z.object({ number: z.int(), name: z.string(), checksum: z.string() })),
  keyId: z.string(),
  salt: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackupHeader = z.infer<typeof headerSchema>

export type BackupKey = { readonly id: string; readonly key: KeyObject }
export type Bytes = AsyncIterable<Uint8Array>

/** Frames of the inner stream. Rows travel in the text form of COPY, which every PostgreSQL understands. */
export const FRAME = { table: 1, rows: 2, tableEnd: 3, end: 4 } as const
export type Frame = { readonly kind: number; readonly payload: Buffer }

export const frame = (kind: number, payload: Uint8Array | string): Buffer => {
  const body = Buffer.from(payload)
  const head = Buffer.alloc(5)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

export async function* sealFile(header: BackupHeader, key: BackupKey, content: Bytes): Bytes {
  const opening = openingOf(header)
  const sealer = chunkCipher(opening, header, key)
  yield opening
  let held: Buffer[] = []
  let bytes = 0
  for await (const piece of through(content, createZstdCompress())) {
    held.push(Buffer.from(piece))
    bytes += piece.length
    while (bytes > CHUNK_BYTES) {
      const all = Buffer.concat(held)
      yield sealer.seal(all.subarray(0, CHUNK_BYTES), false)
      held = [all.subarray(CHUNK_BYTES)]
      bytes = all.length - CHUNK_BYTES
    }
  }
  yield sealer.seal(Buffer.concat(held), true)
}

export type OpenedFile = { readonly header: BackupHeader; readonly frames: AsyncIterable<Frame> }

/** Reads the header at once; everything else only as it is asked for, and nothing that was not authentic. */
export async function openFile(
  source: Bytes,
  keyFor: (header: BackupHeader) => BackupKey,
): Promise<OpenedFile> {
  const reader = readerOf(source)
  const magic = await reader.take(MAGIC.length)
  if (!magic?.equals(MAGIC)) throw damaged('It does not begin like a backup of WedSync.')
  const length = (await reader.take(4))?.readUInt32BE(0) ?? 0
  if (length === 0 || length > HEADER_BYTES_MAX) throw damaged('Its header is not whole.')
  const body = await reader.take(length)
  if (!body) throw damaged('It ends inside its header.')
  const header = readHeader(body.toString('utf8'))
  const opener = chunkCipher(openingFrom(body), header, keyFor(header))
  return { header, frames: framesIn(through(chunksIn(reader, opener), createZstdDecompress())) }
}

function readHeader(text: string): BackupHeader {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged('Its header cannot be read.')
  }
  const format = (value as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT)
    throw new Refusal(
      'invalid',
      `This backup has format ${format}; this version reads up to ${FORMAT}. Restore it with a newer version.`,
    )
  const parsed = headerSchema.safeParse(value)
  if (!parsed.success) throw damaged(`Its header is not valid: ${parsed.error.issues[0]?.message ?? ''}.`)
  return parsed.data
}

const openingOf = (header: BackupHeader): Buffer => openingFrom(Buffer.from(JSON.stringify(header)))
function openingFrom(body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length, 0)
  return Buffer.concat([MAGIC, length, body])
}

function chunkCipher(opening: Buffer, header: BackupHeader, master: BackupKey) {
  const key = Buffer.from(
    hkdfSync('sha256', master.key, Buffer.from(header.salt, 'hex'), 'wedsync backup', 32),
  )
  const bound = createHash('sha256').update(opening).digest()
  let index = 0n
  const place = (last: boolean): { nonce: Buffer; associated: Buffer } => {
    const nonce = Buffer.alloc(12)
    nonce.writeBigUInt64BE(index, 4)
    index += 1n
    return { nonce, associated: Buffer.concat([bound, nonce, Buffer.from([last ? 1 : 0])]) }
  }
  return {
    seal(plain: Uint8Array, last: boolean): Buffer {
      const { nonce, associated } = place(last)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
      const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
      const head = Buffer.alloc(4)
      head.writeUInt32BE((sealed.length | (last ? LAST : 0)) >>> 0, 0)
      return Buffer.concat([head, sealed])
    },
    open(sealed: Buffer, last: boolean): Buffer {
      const { nonce, associated } = place(last)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(
        associated,
      )
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      try {
        return Buffer.concat([
          decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)),
          decipher.final(),
        ])
      } catch {
        throw damaged(`Part ${index} is not as it was written.`)
      }
    },
  }
}

async function* chunksIn(reader: Reader, opener: ReturnType<typeof chunkCipher>): Bytes {
  for (;;) {
    const head = (await reader.take(4))?.readUInt32BE(0)
    if (head === undefined) throw damaged('It has been cut off: its last part is missing.')
    const last = (head & LAST) !== 0
    const length = (head & ~LAST) >>> 0
    if (length < TAG_BYTES || length > CHUNK_BYTES + TAG_BYTES)
      throw damaged('A part has an impossible length.')
    const sealed = await reader.take(length)
    if (!sealed) throw damaged('It has been cut off in the middle of a part.')
    yield opener.open(sealed, last)
    if (!last) continue
    if (await reader.take(1)) throw damaged('Something follows after its end.')
    return
  }
}

async function* framesIn(content: Bytes): AsyncIterable<Frame> {
  const reader = readerOf(content)
  for (;;) {
    const head = await reader.take(5)
    if (!head) return
    const payload = await reader.take(head.readUInt32BE(1))
    if (!payload) throw damaged('Its content ends in the middle of a frame.')
    yield { kind: head.readUInt8(0), payload }
  }
}

/** A failing source fails whoever reads behind the transform. */
async function* through(source: Bytes, transform: Transform): Bytes {
  pipeline(Readable.from(source, { objectMode: false }), transform, () => undefined)
  for await (const piece of transform) yield piece as Uint8Array
}

type Reader = { take(bytes: number): Promise<Buffer | null> }

/** Exactly so many bytes, or null when the source ends before. */
function readerOf(source: Bytes): Reader {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  return {
    async take(bytes) {
      const parts: Buffer[] = [held]
      let length = held.length
      while (length < bytes) {
        const next = await pieces.next()
        if (next.done) {
          held = Buffer.concat(parts)
          return null
        }
        parts.push(Buffer.from(next.value))
        length += next.value.length
      }
      const all = parts.length === 1 ? held : Buffer.concat(parts)
      held = all.subarray(bytes)
      return all.subarray(0, bytes)
    },
  }
}

export const damaged = (why: string): Refusal =>
  new Refusal('invalid', `This backup is damaged. ${why} Nothing was changed; take another one.`)
