import { createHash } from 'node:crypto'
import type { Operation } from '../../contract/operation.ts'
import type { Json, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Engine } from '../../engine/engine.ts'
import { openJson, sealJson } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import { keepAnswer, takeRequestKey } from '../../store/answered-requests.ts'

/** An answer, so that the same Idempotency-Key again gets the same one and changes nothing. */
export type Kept = { readonly status: number; readonly etag: string | null; readonly body: unknown }
export type RequestKey = { readonly key: string; readonly mark: Uint8Array; readonly hash: Uint8Array }

const KEY = /^[\x21-\x7e]{1,200}$/

export function requestKey(header: string, actor: string, op: Operation, request: string): RequestKey {
  if (!KEY.test(header))
    throw new Refusal(
      'invalid',
      'An Idempotency-Key has 1 to 200 visible signs without spaces; a UUID is a good one.',
    )
  const sha = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  return { key: header, mark: sha(`${actor}\n${header}`), hash: sha(`${op.id}\n${request}`) }
}

export async function answeredBefore(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  op: Operation,
  key: RequestKey,
): Promise<Kept | null> {
  const known = await takeRequestKey(sql, {
    vendor,
    mark: key.mark,
    operation: op.id,
    hash: key.hash,
    at: engine.clock.now(),
  })
  if (known === null) return null
  if (!Buffer.from(known.request_hash).equals(key.hash))
    throw new Refusal(
      'key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each change you mean.',
    )
  if (op.shownOnce)
    throw new Refusal(
      'already_answered',
      'This was done under the same Idempotency-Key, and what it gives is shown only once. Ask again under a new key; a secret that was lost is revoked first.',
    )
  const body = known.sealed ? await openJson(engine.vault, place(vendor, key), known.sealed) : null
  return {
    status: known.status ?? op.status,
    etag: known.etag,
    body: (body as { body?: unknown } | null)?.body ?? null,
  }
}

/** Sealed with the vendor's key, because answers hold names; kept for a day. */
export async function keep(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  op: Operation,
  key: RequestKey,
  answer: Kept,
): Promise<void> {
  const isEmpty = op.shownOnce || answer.body === null
  const sealed = isEmpty
    ? null
    : await sealJson(engine.vault, place(vendor, key), { body: answer.body as Json })
  await keepAnswer(sql, { vendor, mark: key.mark, status: answer.status, etag: answer.etag, sealed })
}

const place = (vendor: VendorId, key: RequestKey) =>
  ({
    vendor,
    subject: null,
    table: 'answered_request',
    row: Buffer.from(key.mark).toString('hex'),
    column: 'sealed',
  }) as const
