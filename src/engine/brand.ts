import { createHash } from 'node:crypto'
import { type Brand, brandOf, LOGO_BYTES_MAX, LOGO_PIXELS_MAX, type Logo } from '../core/brand.ts'
import type { VendorId } from '../core/ids.ts'
import { pictureOf } from '../core/picture.ts'
import { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { keepLogo, readDress, setBrand } from '../store/brand.ts'

/** The look of a business. A part that is not named stays as it is. */
export async function brandIn(sql: Sql, vendor: VendorId, how: 'lock' | 'look' = 'look'): Promise<Brand> {
  const row = await readDress(sql, vendor, how)
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  return brandOf(row.brand)
}

export async function changeBrandIn(
  sql: Sql,
  vendor: VendorId,
  before: Brand,
  change: Partial<Brand>,
): Promise<Brand> {
  const after = { ...before, ...change }
  await setBrand(sql, vendor, after)
  return after
}

export async function bringLogoIn(sql: Sql, vendor: VendorId, bytes: Uint8Array, at: Instant): Promise<Logo> {
  if (bytes.length > LOGO_BYTES_MAX)
    throw new Refusal('invalid', `A logo has at most ${LOGO_BYTES_MAX / 1_000} kB.`)
  const picture = pictureOf(bytes)
  if (picture === null) throw new Refusal('invalid', 'This is no PNG and no JPEG.')
  if (Math.max(picture.width, picture.height) > LOGO_PIXELS_MAX)
    throw new Refusal('invalid', `A logo has at most ${LOGO_PIXELS_MAX} pixels a side.`)
  const hash = createHash('sha256').update(bytes).digest()
  await keepLogo(sql, { vendor, hash, type: picture.type, bytes, at })
  return { ...picture, hash: hash.toString('hex') }
}
