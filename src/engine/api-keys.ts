import { createHash } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertApiKey, type KnownKey, vendorOfKey } from '../store/api-keys.ts'
import type { Engine } from './engine.ts'

/** Keys by which programs speak for a vendor: shown once when made, kept only as a hash. */
const PREFIX = 'wed_'

const HINT_SIGNS = 8

export type NewKey = {
  readonly name: string
  readonly scopes: readonly string[]
  /** Null: until it is revoked. */
  readonly expires: Instant | null
  readonly by: string
  /** From where it is taken; none named: from anywhere. */
  readonly networks: readonly string[]
  /** 32 bytes of chance. */
  readonly random: Uint8Array
}

export async function addApiKey(
  engine: Engine,
  vendor: VendorId,
  name: string,
  scopes: readonly string[],
  random: Uint8Array,
): Promise<string> {
  const made = await engine.db.tx('key.add', { vendors: [vendor] }, (sql) =>
    addApiKeyIn(engine, sql, vendor, { name, scopes, expires: null, by: 'cli', networks: [], random }),
  )
  return made.secret
}

export async function addApiKeyIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  one: NewKey,
): Promise<{ id: string; secret: string; hint: string; at: Instant }> {
  const at = engine.clock.now()
  const id = engine.rng.uuid7(at)
  const secret = `${PREFIX}${Buffer.from(one.random).toString('base64url')}`
  const hint = secret.slice(0, HINT_SIGNS)
  const { name, scopes, expires, by, networks } = one
  await insertApiKey(sql, {
    vendor,
    id,
    name,
    hash: hashOfKey(secret),
    scopes,
    at,
    expires,
    by,
    hint,
    networks,
  })
  return { id, secret, hint, at }
}

export async function whoseKey(engine: Engine, secret: string): Promise<KnownKey | null> {
  if (!secret.startsWith(PREFIX) || secret.length > 100) return null
  return vendorOfKey(engine.db, hashOfKey(secret), engine.clock.now())
}

const hashOfKey = (secret: string): Uint8Array => createHash('sha256').update(secret).digest()
