import { Hono } from 'hono'
import type { VendorId } from '../../core/ids.ts'
import type { Engine } from '../../engine/engine.ts'
import { readLogo } from '../../store/brand.ts'

/**
 * Logos as letters ask for them, and the empty frame in which the app shows a letter: the app's own pages allow no
 * style that stands in an element, letters consist of nothing else, and a frame from here has rules of its own.
 */
const FILE = /^([0-9a-f]{64})\.(png|jpg)$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const pictures = (engine: Engine): Hono =>
  new Hono()
    .get('/brand/:vendor/:file', async (c) => {
      const vendor = c.req.param('vendor') as VendorId
      const [, hash] = FILE.exec(c.req.param('file')) ?? []
      const logo =
        hash !== undefined && UUID.test(vendor)
          ? await engine.db.read('brand.logo', { vendors: [vendor] }, (sql) =>
              readLogo(sql, vendor, Buffer.from(hash, 'hex')),
            )
          : null
      if (!logo) return c.text('There is no such picture.', 404)
      return c.body(new Uint8Array(logo.bytes), 200, {
        'content-type': logo.type === 'png' ? 'image/png' : 'image/jpeg',
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'",
      })
    })
    .get('/letter-frame', (c) =>
      c.html('<!doctype html><html lang="en"><head><title>Letter</title></head><body></body></html>', 200, {
        'cache-control': 'no-cache',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin",
      }),
    )
