import { createHash } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import { insertApiKey, vendorOfKey } from '../store/api-keys.ts'
import type { Engine } from './engine.ts'

/** Keys by which programs speak for a vendor: shown once when made, kept only as a hash. */
const PREFIX = 'wed_'

export async function addApiKey(
  engine: Engine,
  vendor: VendorId,
  name: string,
  scopes: readonly string[],
  random: Uint8Array,
): Promise<string> {
  const now = engine.clock.now()
  const secret = `${PREFIX}${Buffer.from(random).toString('base64url')}`
  await engine.db.tx('key.add', { vendors: [vendor] }, (sql) =>
    insertApiKey(sql, { vendor, id: engine.rng.uuid7(now), name, hash: hashOfKey(secret), scopes, at: now }),
  )
  return secret
}

export async function whoseKey(
  engine: Engine,
  secret: string,
): Promise<{ vendor: VendorId; scopes: readonly string[] } | null> {
  if (!secret.startsWith(PREFIX) || secret.length > 100) return null
  return vendorOfKey(engine.db, hashOfKey(secret), engine.clock.now())
}

const hashOfKey = (secret: string): Uint8Array => createHash('sha256').update(secret).digest()
