import type { VendorId } from '../core/ids.ts'
import { phoneOf } from '../modules/sms/phone.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import type { Way } from './consent.ts'
import type { Engine } from './engine.ts'

/** The mark under which an address is known, however it is written; null for what is none. */
export async function markOfAddress(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  way: Way,
  address: string,
): Promise<Uint8Array | null> {
  if (way === 'email')
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? engine.vault.mark(vendor, 'email', address) : null
  const region = (await readDress(sql, vendor))?.region
  const phone = phoneOf(address, region)
  return phone === null ? null : engine.vault.mark(vendor, 'phone', phone.e164)
}
