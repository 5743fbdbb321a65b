import { createHash } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { plusMs, SECOND_MS } from '../core/time/instant.ts'
import { insertAudit } from '../store/changes.ts'
import { compose, type Written } from './compose-message.ts'
import type { Engine } from './engine.ts'
import { membersOf } from './members.ts'

/**
 * A message is sent to whoever writes it, as it would read for a couple; the couple never hears of it. It is no effect
 * of a journey: one attempt, told at once.
 */
export type Tried = {
  readonly sent: boolean
  readonly to: string
  readonly left: boolean
  readonly says: string
}

const WITHIN_MS = 20 * SECOND_MS
const MARKED = '[Test] '

export async function tryOnOneself(
  engine: Engine,
  vendor: VendorId,
  actor: string,
  written: Written,
): Promise<Tried> {
  const me = await engine.db.read('message.me', { vendors: [vendor] }, async (sql) =>
    (await membersOf(engine, sql, vendor)).find((one) => `member:${one.id}` === actor),
  )
  if (!me) throw new Refusal('conflict', 'A key has no mailbox: sign in, and try it on yourself.')
  const { job, channel, made } = await compose(engine, vendor, written)
  if (channel !== 'email')
    throw new Refusal('conflict', 'Your own number is not known here; look at the preview instead.')
  if (made.is === 'unresolved')
    return failed(me.email, `There is no value for ${made.fields.join(', ')}. Say what stands there then.`)
  if (made.is === 'broken') return failed(me.email, `It cannot be made: ${made.cause}.`)
  const now = engine.clock.now()
  const id = engine.rng.uuid7(now)
  const key = createHash('sha256').update(`try|${vendor}|${id}`).digest('hex')
  const result = await engine.senders.send({
    vendor: job.vendor,
    effect: id,
    kind: job.kind,
    key,
    content: { ...made.content, subject: `${MARKED}${String(made.content.subject ?? '')}` },
    recipient: { ref: actor, name: me.name, email: me.email, phone: null },
    attempt: 1,
    deadline: plusMs(now, WITHIN_MS),
    // Somebody sits before it and waits.
    urgent: true,
  })
  const left = engine.senders.provider(vendor, job.kind, job.vendor.channels).name !== 'captured'
  await engine.db.tx('message.tried', { vendors: [vendor] }, (sql) =>
    insertAudit(sql, [
      {
        vendor,
        id,
        at: now,
        actor,
        action: 'message.tried',
        subject: job.kind,
        detail: { left, is: result.is },
      },
    ]),
  )
  if (result.is !== 'done') return failed(me.email, `The mail server did not take it: ${result.cause}.`)
  return {
    sent: true,
    to: me.email,
    left,
    says: left
      ? `It is on its way to ${me.email}.`
      : `It lies in the captured mailbox, addressed to ${me.email}: nothing leaves this house yet.`,
  }
}

const failed = (to: string, says: string): Tried => ({ sent: false, to, left: false, says })
