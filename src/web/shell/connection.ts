import { useSyncExternalStore } from 'react'

/**
 * Whether the server can be reached. Learned from the browser and from requests that fail (`reportUnreachable`);
 * while it is lost we ask again, ever more seldom, and at once when the network returns or somebody presses.
 */
export type Connection =
  | { readonly is: 'there' }
  | { readonly is: 'lost'; readonly retryAt: number; readonly asking: boolean }

const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 20_000]
const ANSWER_WITHIN_MS = 5_000
let connection: Connection = { is: 'there' }
let tries = 0
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()
const set = (next: Connection): void => {
  connection = next
  for (const tell of listeners) tell()
}

export function reportUnreachable(): void {
  if (connection.is === 'lost') return
  tries = 0
  askLater()
}

function askLater(): void {
  // Not all at once: a server that comes back is met by everybody who lost it.
  const waitMs = (WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 0) * (0.75 + Math.random() / 2)
  tries += 1
  clearTimeout(timer)
  timer = setTimeout(askNow, waitMs)
  set({ is: 'lost', retryAt: Date.now() + waitMs, asking: false })
}

export async function askNow(): Promise<void> {
  clearTimeout(timer)
  if (connection.is === 'lost') set({ ...connection, asking: true })
  try {
    const answer = await fetch('/health/live', {
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    if (!answer.ok) return askLater()
    set({ is: 'there' })
  } catch {
    askLater()
  }
}

addEventListener('offline', reportUnreachable)
addEventListener('online', () => void askNow())

export function onConnection(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
export const isLost = (): boolean => connection.is === 'lost'

export const useConnection = (): Connection => useSyncExternalStore(onConnection, () => connection)
