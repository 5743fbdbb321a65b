declare global {
  /** What before-first-paint.js has asked while the app was on its way, by path; null once the app has asked itself. */
  var __wedsyncEarly: Map<string, Promise<Response> | null> | undefined
}

/** Later than this it is no first answer any more, and is asked anew. */
const FRESH_MS = 10_000

/** The answer to this reading if it was asked before the app was here; each is taken once. */
export function takeEarly(request: Request): Promise<Response> | null {
  if (request.method !== 'GET' || performance.now() > FRESH_MS) return null
  const { pathname, search } = new URL(request.url)
  const answer = globalThis.__wedsyncEarly?.get(pathname + search) ?? null
  // Both hear at the same time who is here: what the app asks now, nobody asks beside it for nothing.
  globalThis.__wedsyncEarly?.set(pathname + search, null)
  return answer
}

/** Of which business Today was asked before anybody had heard who is here. */
export function wasAsked(): string | null {
  for (const path of globalThis.__wedsyncEarly?.keys() ?? []) {
    const vendor = /^\/api\/v1\/vendors\/([^/]+)\/today$/.exec(path)?.[1]
    if (vendor !== undefined) return vendor
  }
  return null
}

/** Where an address that names no business leads: the next load asks about it without waiting to hear who is here. */
export function rememberBusiness(vendor: string | undefined): void {
  try {
    if (vendor === undefined) localStorage.removeItem('business')
    else localStorage.setItem('business', vendor)
  } catch {
    // No storage: the next load waits for the session's answer.
  }
}
