import type { VendorId } from '../core/ids.ts'
import { DAY_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** Answers given under an Idempotency-Key: written in the transaction of the change, so that both are there or none. */
export type AnsweredRow = {
  operation: string
  request_hash: Uint8Array
  status: number
  etag: string | null
  sealed: Uint8Array | null
}

const KEPT_MS = DAY_MS

/**
 * Takes the key for this transaction; or gives the answer it has had. Two requests with one key take turns here: the
 * second waits until the first has committed, or goes on when it was rolled back.
 */
export async function takeRequestKey(
  sql: Sql,
  one: { vendor: VendorId; mark: Uint8Array; operation: string; hash: Uint8Array; at: Instant },
): Promise<AnsweredRow | null> {
  await sql`
    delete from app.answered_request where vendor_id = ${one.vendor} and at < ${ts(plusMs(one.at, -KEPT_MS))}::timestamptz`
  const taken = await sql`
    insert into app.answered_request (vendor_id, mark, operation, request_hash, at)
    values (${one.vendor}, ${one.mark}, ${one.operation}, ${one.hash}, ${ts(one.at)}::timestamptz)
    on conflict do nothing returning vendor_id`
  if (taken.length > 0) return null
  const [known] = await sql<AnsweredRow>`
    select operation, request_hash, status, etag, sealed from app.answered_request
     where vendor_id = ${one.vendor} and mark = ${one.mark}`
  if (!known) throw new Error('an Idempotency-Key was taken and is not there')
  return known
}

export async function keepAnswer(
  sql: Sql,
  one: { vendor: VendorId; mark: Uint8Array; status: number; etag: string | null; sealed: Uint8Array | null },
): Promise<void> {
  await sql`
    update app.answered_request set status = ${one.status}, etag = ${one.etag}, sealed = ${one.sealed}
     where vendor_id = ${one.vendor} and mark = ${one.mark}`
}
