import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import type { Operation } from '../../contract/operation.ts'
import { asset, deviceTokens, giveAsset } from '../../public/assets.ts'
import type { LimitSettings } from '../frame/limits.ts'
import type { OpenApi } from './described.ts'
import { referencePage } from './page.ts'

/** The reference beside the document it is made of. It says nothing about anybody, and so asks nobody who they are. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const font = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../ui/fonts/${name}`, import.meta.url)))

export function reference(
  document: OpenApi,
  operations: readonly Operation[],
  url: string,
  limits: LimitSettings,
): Hono {
  // Written when it is first asked for: most starts never show it.
  let page: ReturnType<typeof referencePage> | null = null
  const known = new Map<string, ReturnType<typeof asset>>()
  const whole = (vendor: string | null) => {
    page ??= referencePage(document, operations)
    return asset('text/html; charset=utf-8', page({ url, vendor, limits }))
  }
  const once = (name: string, make: () => ReturnType<typeof asset>) => {
    const made = known.get(name) ?? make()
    known.set(name, made)
    return made
  }
  const FONTS: { readonly [name: string]: Uint8Array<ArrayBuffer> } = {
    'inter.woff2': font('inter-latin-opsz-normal.woff2'),
    'newsreader.woff2': font('newsreader-latin-opsz-normal.woff2'),
  }
  return (
    new Hono()
      .get('/reference', (c) => {
        const asked = c.req.query('vendor') ?? ''
        c.header('content-security-policy', POLICY)
        c.header('referrer-policy', 'no-referrer')
        // One that knows the reader's business is made for them and not kept.
        return giveAsset(c, UUID.test(asked) ? whole(asked) : once('page', () => whole(null)))
      })
      .get('/reference/reference.css', (c) =>
        giveAsset(
          c,
          once('css', () =>
            asset(
              'text/css; charset=utf-8',
              `${deviceTokens(file('../../ui/theme/tokens.css'))}\n${file('./assets/reference.css')}`,
            ),
          ),
        ),
      )
      .get('/reference/reference.js', (c) =>
        giveAsset(
          c,
          once('js', () => asset('text/javascript; charset=utf-8', file('./assets/reference.js'))),
        ),
      )
      .get('/reference/:font{(inter|newsreader)\\.woff2}', (c) =>
        c.body(FONTS[c.req.param('font')]!, 200, {
          'content-type': 'font/woff2',
          'cache-control': 'public, max-age=86400',
          'x-content-type-options': 'nosniff',
        }),
      )
      // Every refusal names its kind by this address; the part after # goes along.
      .get('/problems', (c) => c.redirect('/reference'))
  )
}
