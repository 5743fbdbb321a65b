import type { VendorId } from '../core/ids.ts'
import { type Becomes, becomesSchema } from '../core/incoming.ts'
import type { Instant } from '../core/time/instant.ts'
import { type IncomingRow, readIncoming } from '../store/incoming.ts'
import type { Engine } from './engine.ts'
import { openJson, sealJson } from './views.ts'

/**
 * An address says whose it is and which, so that it is found under row-level security like everything else. It is no
 * secret: what proves a call is its signature.
 */
export const addressPath = (vendor: VendorId, incoming: string): string =>
  `/in/${Buffer.from(`${vendor}${incoming}`.replaceAll('-', ''), 'hex').toString('base64url')}`

function readAddress(token: string): { readonly vendor: VendorId; readonly incoming: string } | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
  const hex = Buffer.from(token, 'base64url').toString('hex')
  return { vendor: uuidOf(hex.slice(0, 32)) as VendorId, incoming: uuidOf(hex.slice(32)) }
}
const uuidOf = (hex: string): string =>
  [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex)

/** The newest secret of an address, and the one before it: that one is taken until its hour has come. */
export type Secrets = { readonly newest: string; readonly older: string | null }
const place = (vendor: VendorId, incoming: string) =>
  ({ vendor, subject: null, table: 'incoming_address', row: incoming, column: 'sealed' }) as const

export const sealSecrets = (
  engine: Engine,
  vendor: VendorId,
  incoming: string,
  secrets: Secrets,
): Promise<Uint8Array> => sealJson(engine.vault, place(vendor, incoming), secrets)

export async function openSecrets(engine: Engine, vendor: VendorId, row: IncomingRow): Promise<Secrets> {
  return (await openJson(engine.vault, place(vendor, row.incoming_id), row.sealed)) as unknown as Secrets
}

export const isOlderTaken = (row: IncomingRow, now: Instant): boolean =>
  row.older_until !== null && now < row.older_until

export type OpenAddress = {
  readonly vendor: VendorId
  readonly incoming: string
  readonly key: string
  readonly becomes: Becomes
  readonly isPaused: boolean
  /** Those that prove a call now. */
  readonly secrets: readonly string[]
}

/** Null where nobody is to be found, whatever the reason. */
export async function openAddress(engine: Engine, token: string): Promise<OpenAddress | null> {
  const named = readAddress(token)
  if (named === null) return null
  const { vendor, incoming } = named
  const row = await engine.db.read('incoming.open', { vendors: [vendor] }, (sql) =>
    readIncoming(sql, vendor, incoming),
  )
  if (row === null) return null
  const { newest, older } = await openSecrets(engine, vendor, row)
  return {
    vendor,
    incoming,
    key: row.key,
    becomes: becomesSchema.parse(row.becomes),
    isPaused: row.paused_at !== null,
    secrets: older !== null && isOlderTaken(row, engine.clock.now()) ? [newest, older] : [newest],
  }
}
