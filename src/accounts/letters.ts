import { createSecretKey } from 'node:crypto'
import type { Log } from '../ports.ts'
import { dataKeyOf, openWith, type Random, sealWith } from '../vault/envelope.ts'
import type { AccountsPool } from './pool.ts'

/**
 * Letters about accounts: written to the database first, then sent, so that a reset somebody asked for survives a
 * crash. Sealed, because whoever can read a link can use it. Without a mail server they stay here, captured.
 */
export type Letter = {
  readonly to: { readonly address: string; readonly name: string }
  readonly subject: string
  readonly text: string
  readonly html: string
}
export type SentReply = 'sent' | 'later' | 'never'
/** Hands a letter to the mail channel; null where nothing leaves the house. */
export type Carrier = ((id: string, attempt: number, letter: Letter) => Promise<SentReply>) | null

export type Letters = {
  post(letter: Letter, expires: Date): Promise<void>
  /** Tries again what has not left yet; at the start, and each minute. */
  sweep(): Promise<void>
  captured(max: number): Promise<{ id: string; at: Date; letter: Letter }[]>
}

const ATTEMPTS_MAX = 5

export function makeLetters(parts: {
  readonly pool: AccountsPool
  readonly secret: Uint8Array
  readonly random: Random
  readonly carrier: Carrier
  readonly log: Log
  readonly id: () => string
}): Letters {
  const key = dataKeyOf(new Uint8Array(8), createSecretKey(parts.secret))
  const place = (id: string): string[] => ['accounts', 'letter', id, 'sealed']

  async function carry(id: string, attempts: number, letter: Letter): Promise<void> {
    if (parts.carrier === null) return
    const reply = await parts.carrier(id, attempts + 1, letter)
    const state =
      reply === 'sent' ? 'sent' : reply === 'never' || attempts + 1 >= ATTEMPTS_MAX ? 'failed' : 'planned'
    if (state === 'failed') parts.log.warn('a letter about an account could not be sent', { letter: id })
    // What has left is not kept: its link would outlive its use.
    if (state === 'sent') await parts.pool.query('delete from accounts.letter where letter_id = $1', [id])
    else
      await parts.pool.query(
        'update accounts.letter set state = $2, attempts = attempts + 1 where letter_id = $1',
        [id, state],
      )
  }

  return {
    async post(letter, expires) {
      const id = parts.id()
      const sealed = sealWith(key, place(id), Buffer.from(JSON.stringify(letter)), parts.random)
      await parts.pool.query(
        'insert into accounts.letter (letter_id, sealed, state, at, expires_at) values ($1, $2, $3, $4, $5)',
        [id, Buffer.from(sealed), parts.carrier ? 'planned' : 'captured', new Date(), expires],
      )
      // Not waited for: how long a mail server takes must not tell whether the address is known.
      carry(id, 0, letter).catch((error: Error) =>
        parts.log.warn('a letter about an account waits', { letter: id, cause: error.message }),
      )
    },
    async sweep() {
      const now = new Date()
      await parts.pool.query('delete from accounts.letter where expires_at < $1', [now])
      if (parts.carrier === null) return
      const rows = await parts.pool.query<{ letter_id: string; sealed: Buffer; attempts: number }>(
        `select letter_id, sealed, attempts from accounts.letter where state = 'planned' and at < $1 order by at limit 50`,
        [new Date(now.getTime() - 30_000)],
      )
      for (const row of rows) await carry(row.letter_id, row.attempts, opened(row))
    },
    async captured(max) {
      const rows = await parts.pool.query<{ letter_id: string; sealed: Buffer; at: Date }>(
        `select letter_id, sealed, at from accounts.letter where state = 'captured' order by at desc limit $1`,
        [max],
      )
      return rows.map((row) => ({ id: row.letter_id, at: row.at, letter: opened(row) }))
    },
  }

  function opened(row: { letter_id: string; sealed: Uint8Array }): Letter {
    return JSON.parse(Buffer.from(openWith(key, place(row.letter_id), row.sealed)).toString()) as Letter
  }
}
