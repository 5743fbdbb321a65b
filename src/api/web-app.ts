import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Context, MiddlewareHandler } from 'hono'

/**
 * The built app as files, from memory. It answers first, and only for what is its own: its files, and a page for
 * every address a person may open that no other part of the server owns. Parts with a hash in their name may be
 * kept for ever; the page itself is asked for each time, so that a new version arrives with the next load.
 */
type Stored = {
  readonly body: Bytes
  readonly br: Bytes | null
  readonly gzip: Bytes | null
  readonly type: string
}
type Bytes = Uint8Array<ArrayBuffer>

const TYPES: { readonly [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'
const NONCE_BYTES = 16
/** Addresses of the server's other parts: never answered with the app's page. */
const NOT_OURS =
  /^\/(api|health|metrics|openapi\.json|reference|problems|mailbox|phone|letters|letter-frame|u|brand|hooks|f)(\/|$)/

/** The app as soon as it is built: until then its addresses wait, and the rest of the server does not. */
export function webAppOnceBuilt(built: Promise<string | null>): MiddlewareHandler {
  const ready = built.then((folder) => (folder === null ? null : webApp(folder)))
  // Whoever asks for a page is told; nobody else is concerned.
  ready.catch(() => undefined)
  return async (c, next) => {
    if (isOthers(c)) return next()
    const app = await ready
    return app ? app(c, next) : next()
  }
}

const isOthers = (c: Context): boolean =>
  (c.req.method !== 'GET' && c.req.method !== 'HEAD') || NOT_OURS.test(new URL(c.req.url).pathname)

/** `folder` is dist/web; read once. Files are few (some dozens) and small (under 2 MB in all). */
export function webApp(folder: string): MiddlewareHandler {
  const files = readAll(folder)
  const page = Buffer.from(files.get('/index.html')?.body ?? []).toString('utf8')
  if (!page.includes('{{nonce}}')) throw new Error(`${folder} holds no built app.`)
  files.delete('/index.html')
  return async (c, next) => {
    if (isOthers(c)) return next()
    const { pathname } = new URL(c.req.url)
    const file = files.get(pathname)
    if (file) return giveFile(c, file, pathname.startsWith('/assets/') ? FOR_EVER : ASK_AGAIN)
    // A missing file must fail as one: a page in place of a script would break a tab that is a version behind.
    if (path.extname(pathname) !== '' || !(c.req.header('accept') ?? '').includes('text/html')) return next()
    return givePage(c, page)
  }
}

function readAll(folder: string): Map<string, Stored> {
  const raw = new Map<string, Bytes>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const full = path.join(entry.parentPath, entry.name)
    raw.set(`/${path.relative(folder, full).split(path.sep).join('/')}`, new Uint8Array(readFileSync(full)))
  }
  const files = new Map<string, Stored>()
  for (const [name, body] of raw) {
    const type = TYPES[path.extname(name)]
    if (type)
      files.set(name, { body, type, br: raw.get(`${name}.br`) ?? null, gzip: raw.get(`${name}.gz`) ?? null })
  }
  return files
}

function giveFile(c: Context, file: Stored, caching: string): Response {
  const accepted = c.req.header('accept-encoding') ?? ''
  const [encoding, body] =
    file.br && /\bbr\b/.test(accepted)
      ? (['br', file.br] as const)
      : file.gzip && /\bgzip\b/.test(accepted)
        ? (['gzip', file.gzip] as const)
        : ([null, file.body] as const)
  const headers = {
    'content-type': file.type,
    'content-length': String(body.byteLength),
    'cache-control': caching,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...(encoding && { 'content-encoding': encoding }),
  }
  return c.req.method === 'HEAD' ? c.body(null, 200, headers) : c.body(body, 200, headers)
}

/** Scripts only from files of ours. Styles too, but for the one element that keeps a page still behind a dialog. */
function givePage(c: Context, page: string): Response {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  return c.html(page.replace('{{nonce}}', nonce), 200, {
    'cache-control': ASK_AGAIN,
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "font-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "frame-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  })
}
