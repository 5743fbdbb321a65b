import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'

/** The key above all keys. `id` names it without giving anything away. */
export type MasterKey = { readonly id: string; readonly key: KeyObject }

const BYTES = 32

export function masterKeyOf(bytes: Uint8Array): MasterKey {
  if (bytes.length !== BYTES) throw badKey('it has another length')
  const id = createHash('sha256').update('wedsync master key id').update(bytes).digest('hex').slice(0, 16)
  return { id, key: createSecretKey(bytes) }
}

/** Reads a key as it is written in WEDSYNC_KEY: 32 bytes in base64, with or without padding, also url-safe. */
export function masterKeyFromText(text: string): MasterKey {
  const trimmed = text.trim()
  const bytes = Buffer.from(trimmed, 'base64')
  const again = bytes.toString('base64').replace(/=+$/, '')
  const given = trimmed.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (again !== given) throw badKey('it is not base64')
  return masterKeyOf(bytes)
}

const badKey = (why: string): Refusal =>
  new Refusal('setup', `The master key must be 32 random bytes in base64 (openssl rand -base64 32): ${why}.`)

/** The key of this installation's key file, or null when there is no such file. */
export function masterKeyIn(file: string, dataDirectory: string): MasterKey | null {
  const inside = path.relative(path.resolve(dataDirectory), path.resolve(file))
  if (!inside.startsWith('..') && !path.isAbsolute(inside)) {
    throw new Refusal('setup', `Keep the key file apart from the data directory; ${file} lies inside it.`)
  }
  const there = statSync(file, { throwIfNoEntry: false })
  if (!there) return null
  if (process.platform !== 'win32' && (there.mode & 0o077) !== 0) {
    throw new Refusal('setup', `Others may read the key file ${file}. Run: chmod 600 ${file}`)
  }
  return masterKeyFromText(readFileSync(file, 'utf8'))
}

/**
 * The same, made once if there is none. Two programs starting at the same moment get the same key, and a crash
 * leaves a whole key or none. Only for an installation in which nothing is sealed yet.
 */
export function masterKeyFromFile(file: string, dataDirectory: string): { key: MasterKey; isNew: boolean } {
  const there = masterKeyIn(file, dataDirectory)
  if (there) return { key: there, isNew: false }
  const isNew = makeOnce(file)
  const key = masterKeyIn(file, dataDirectory)
  if (key === null) throw new Error(`the key file ${file} vanished while it was read`)
  return { key, isNew }
}

function makeOnce(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })) return false
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, `${randomBytes(BYTES).toString('base64')}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    // A link never overwrites: whoever is second finds the first one's key.
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}
