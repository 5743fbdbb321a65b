import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Context } from 'hono'

/** The page's own files, from memory: the colours of the app's tokens, and nothing fetched from anywhere else. */
export type Asset = {
  readonly type: string
  readonly body: Buffer
  readonly br: Buffer
  readonly gzip: Buffer
  readonly etag: string
}

const text = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

/** The tokens choose dark by a class that the app's script sets; here the device says it. */
export function deviceTokens(tokens: string): string {
  const plain = tokens.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*\n+/g, '\n')
  return plain.replace(
    /^@media screen \{\n {2}\.dark \{([\s\S]*?)^ {2}\}\n\}/m,
    '@media screen and (prefers-color-scheme: dark) {\n:root {$1}\n}',
  )
}

export function asset(type: string, words: string): Asset {
  const body = Buffer.from(words)
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  return { type, body, br: brotliCompressSync(body), gzip: gzipSync(body), etag: `"${hash}"` }
}

export const ASSETS: Readonly<Record<string, Asset>> = {
  'form.css': asset(
    'text/css; charset=utf-8',
    `${deviceTokens(text('../ui/theme/tokens.css'))}\n${text('./assets/form.css')}`,
  ),
  'form.js': asset('text/javascript; charset=utf-8', text('./assets/form.js')),
  'judge.js': asset('text/javascript; charset=utf-8', text('./assets/judge.js')),
}

export function giveAsset(c: Context, { type, body, br, gzip, etag }: Asset): Response {
  const headers = {
    'content-type': type,
    'cache-control': 'public, max-age=600, must-revalidate',
    etag,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
  const accepted = c.req.header('accept-encoding') ?? ''
  const [encoding, bytes] = /\bbr\b/.test(accepted)
    ? (['br', br] as const)
    : /\bgzip\b/.test(accepted)
      ? (['gzip', gzip] as const)
      : ([null, body] as const)
  return c.body(new Uint8Array(bytes), 200, { ...headers, ...(encoding && { 'content-encoding': encoding }) })
}
