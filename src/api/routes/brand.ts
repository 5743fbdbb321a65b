import { changeBrand, dropLogo, previewBrand, readBrand, setLogo } from '../../contract/brand.ts'
import type { Brand } from '../../core/brand.ts'
import type { VendorId } from '../../core/ids.ts'
import { brandIn, bringLogoIn, changeBrandIn } from '../../engine/brand.ts'
import { sampleLetter } from '../../engine/compose-message.ts'
import { logoPath } from '../../outgoing.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const shown = (vendor: VendorId, { logo, ...words }: Brand) => ({
  ...words,
  logo: logo && { url: logoPath(vendor, logo), width: logo.width, height: logo.height },
})

const given = <T extends object>(one: T): Partial<T> =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Partial<T>

export const brandRoutes: readonly Route[] = [
  reads(readBrand, ({ engine, vendor }) =>
    engine.db.read('brand.read', { vendors: [vendor] }, async (sql) =>
      shown(vendor, await brandIn(sql, vendor)),
    ),
  ),
  changes(changeBrand, async ({ sql, vendor, ...at }, { body }) => {
    const before = await brandIn(sql, vendor, 'lock')
    at.mustBeSeen(shown(vendor, before))
    const after = await changeBrandIn(sql, vendor, before, given(body) as Partial<Brand>)
    at.audit('brand.changed', vendor, { changed: Object.keys(given(body)) })
    return shown(vendor, after)
  }),
  changes(setLogo, async ({ sql, vendor, now, ...at }, { body }) => {
    const before = await brandIn(sql, vendor, 'lock')
    const logo = await bringLogoIn(sql, vendor, Buffer.from(body.picture, 'base64'), now)
    at.audit('brand.changed', vendor, { changed: ['logo'] })
    return shown(vendor, await changeBrandIn(sql, vendor, before, { logo }))
  }),
  changes(dropLogo, async ({ sql, vendor, ...at }) => {
    const before = await brandIn(sql, vendor, 'lock')
    at.audit('brand.changed', vendor, { changed: ['logo'] })
    return shown(vendor, await changeBrandIn(sql, vendor, before, { logo: null }))
  }),
  reads(previewBrand, ({ engine, vendor }, { body }) =>
    sampleLetter(engine, vendor, given(body) as Partial<Brand>),
  ),
]
