import { createServer, type Server } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import type { Book } from '../provider/book.ts'

/**
 * Somebody else's server that takes signed calls into its own book: it believes nobody without a signature, knows a
 * repeat by its id, and can be made to misbehave around the moment at which it has written a call down.
 */
export const HOOK_FAULTS = [
  /** Written down, but the answer never leaves. */
  'accept_and_drop_reply',
  /** The line dies with the last byte and nothing was written down. */
  'cut_before_accept',
  'refuse_for_now',
  /** Written down, but it takes its time to answer. */
  'slow',
] as const
export type HookFault = (typeof HOOK_FAULTS)[number]
export type HookMood = { readonly fault: HookFault; readonly share: number; readonly slowMs: number } | null

export type HookTold = { readonly mood: HookMood; readonly secret: string | null }

export function hookReceiver(
  book: Book,
  known: ReadonlySet<string>,
  tls: { readonly key: string; readonly cert: string },
  told: () => HookTold,
): Server {
  const seen = new Set(known)
  return createServer(tls, (request, response) => {
    const pieces: Buffer[] = []
    request.on('error', () => undefined)
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => void take(Buffer.concat(pieces).toString()))

    async function take(body: string): Promise<void> {
      const { mood, secret } = told()
      const fault = mood !== null && Math.random() < mood.share ? mood.fault : null
      const answer = (status: number): void => void response.writeHead(status).end()
      if (secret === null || fault === 'refuse_for_now') return answer(503)
      if (fault === 'cut_before_accept') return void request.socket.destroy()
      const id = String(request.headers['webhook-id'])
      const signed = isSigned(secret, body, request.headers)
      await book.write({
        id,
        to: 'hook',
        at: Date.now(),
        how: !signed ? 'forged' : seen.has(id) ? 'repeat' : (fault ?? 'well'),
      })
      seen.add(id)
      if (!signed) return answer(401)
      if (fault === 'accept_and_drop_reply') return void request.socket.destroy()
      if (fault === 'slow') await pause(mood?.slowMs ?? 0)
      answer(200)
    }
  })
}

function isSigned(secret: string, body: string, headers: object): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
