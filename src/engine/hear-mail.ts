import { channelsOf, ownMailOf } from '../core/channel-settings.ts'
import type { ClientId, JsonObject, RunId, VendorId } from '../core/ids.ts'
import { type Meaning, returnedCause } from '../core/returned-mail.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import { insertAudit } from '../store/changes.ts'
import { peopleOfMark } from '../store/consents.ts'
import { insertDeadLetters } from '../store/dead-letters.ts'
import { insertNotices } from '../store/notices.ts'
import { letterBeginning, type ReturnedLetter, settleReturned } from '../store/returned-mail.ts'
import { deliver } from '../store/runs.ts'
import { CLASSES, refuseIn, type WhyNot } from './consent.ts'
import type { Engine } from './engine.ts'
import { markOfAddress } from './mark.ts'
import { membersOf } from './members.ts'
import { type Receipt, receiptOf, receiveIn } from './receive.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'

/** A mail that came to the return address of a letter, and what it means. */
export type MailIn = {
  readonly vendor: VendorId
  /** The beginnings of the letter's id and of the mark of the address it went to, in hex: as the address says them. */
  readonly effect: string
  readonly mark: string
  /** Names this mail: told twice, it is one. */
  readonly key: string
  /** Addresses of this house, from which nobody answers it. */
  readonly ours: readonly string[]
  readonly meaning: Meaning
}

/** `not_yet`: the letter is still being sent, so it cannot be said yet what became of it. */
export type MailHeard = 'taken' | 'known' | 'unknown' | 'not_yet'

/**
 * What follows from a mail that comes back is one transaction: what happened is kept with the couple and told to the
 * journeys that wait for it; a letter that did not arrive is shown so; and an address at which nothing arrives, or whose
 * owner has complained, is written to no more. An address that took the place of the old one meanwhile is not blamed.
 */
export async function hearMail(engine: Engine, mail: MailIn): Promise<MailHeard> {
  const { vendor } = mail
  const heard = await retrying(engine, () =>
    engine.db.tx('mail.heard', { vendors: [vendor] }, (sql) => hearIn(engine, sql, mail)),
  )
  if (typeof heard === 'string') return heard
  ringRuns(engine, heard)
  return 'taken'
}

async function hearIn(
  engine: Engine,
  sql: Sql,
  { vendor, effect, mark, key, ours, meaning }: MailIn,
): Promise<Exclude<MailHeard, 'taken'> | readonly RunId[]> {
  const letter = await letterBeginning(sql, vendor, effect)
  if (letter === null) return 'unknown'
  if (letter.state === 'sending') return 'not_yet'
  const now = addressNow(letter, mark)
  const event = await eventOf(engine, sql, vendor, letter, meaning, ours, now)
  if (event === null) return []
  const [answer] = await receiveIn(engine, sql, vendor, [
    { source: 'mail', key, client: letter.client_id, ...event },
  ])
  const receipt = receiptOf(answer!)
  if (receipt.duplicate) return 'known'
  const touched = await followed(engine, sql, vendor, letter, meaning, now)
  return [...woken(receipt), ...touched]
}

/** Whether its recipient still has the address it went to; the team has none that is marked. */
type AddressNow = 'same' | 'other' | 'unmarked'
const UNMARKED = /^0+$/
const addressNow = ({ email_mark: now }: ReturnedLetter, mark: string): AddressNow =>
  UNMARKED.test(mark) ? 'unmarked' : now !== null && hexOf(now).startsWith(mark) ? 'same' : 'other'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const woken = (receipt: Receipt): RunId[] => [...receipt.started.map(({ run }) => run), ...receipt.woken]

type Event = { readonly type: string; readonly data: JsonObject; readonly personal?: JsonObject }

/** What happened, as journeys hear it; null for what is nothing. */
async function eventOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  letter: ReturnedLetter,
  meaning: Meaning,
  ours: readonly string[],
  now: AddressNow,
): Promise<Event | null> {
  const about = { channel: 'email', person: letter.recipient, step: letter.node, message: letter.effect_id }
  switch (meaning.is) {
    case 'returned': {
      const { why, status, dead, words } = meaning
      const data = {
        ...about,
        why,
        dead,
        ...(status === null ? {} : { status }),
        ...(now === 'other' ? { old_address: true } : {}),
      }
      return { type: 'message_bounced', data, ...(words.said === null ? {} : { personal: words }) }
    }
    case 'delayed': {
      const { status, words } = meaning
      const data = { ...about, ...(status === null ? {} : { status }) }
      return { type: 'message_delayed', data, ...(words.said === null ? {} : { personal: words }) }
    }
    case 'complaint':
      return { type: 'message_complained', data: { ...about, kind: meaning.kind } }
    case 'automatic':
      return { type: 'auto_reply_received', data: { ...about, kind: meaning.kind }, personal: meaning.words }
    case 'answer': {
      if (await isOurs(engine, sql, vendor, meaning.from, ours)) return null
      const known = await whoWrote(engine, sql, vendor, letter, meaning.from)
      const data = {
        ...about,
        person: known ?? letter.recipient,
        ...(known === null ? { other_address: true } : {}),
        ...(meaning.files > 0 ? { files: meaning.files } : {}),
      }
      return { type: 'reply_received', data, personal: meaning.words }
    }
    case 'nothing':
      return null
  }
}

/** Whoever answers everybody reaches the return address as well: the business's own words are no answer of a couple. */
async function isOurs(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  from: string | null,
  ours: readonly string[],
): Promise<boolean> {
  if (from === null) return false
  const dress = await readDress(sql, vendor)
  const { replyTo = null } = (dress?.brand ?? {}) as { replyTo?: string | null }
  const own = ownMailOf(channelsOf(dress?.channels))
  const members = await membersOf(engine, sql, vendor)
  return [...ours, replyTo, own?.from, own?.user, ...members.map((one) => one.email)].some(
    (one) => one?.toLowerCase() === from,
  )
}

/** By the address it came from; null for one that nobody of the couple has. */
async function whoWrote(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  letter: ReturnedLetter,
  from: string | null,
): Promise<string | null> {
  const mark = from === null ? null : await markOfAddress(engine, sql, vendor, 'email', from)
  const people = mark === null ? [] : await peopleOfMark(sql, vendor, 'email', mark)
  const known = people.filter((one) => one.client_id === letter.client_id).map((one) => one.ref)
  return known.includes(letter.recipient) ? letter.recipient : (known[0] ?? null)
}

/** A complaint is no reason to keep from somebody what must arrive. */
const KEPT_FROM: { readonly [reason in 'dead_address' | 'complaint']: readonly MessageClass[] } = {
  dead_address: CLASSES,
  complaint: ['relationship', 'marketing'],
}

async function followed(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  letter: ReturnedLetter,
  meaning: Meaning,
  now: AddressNow,
): Promise<readonly RunId[]> {
  const tell = (code: string, facts: JsonObject) => notice(engine, sql, vendor, letter, code, facts)
  const silence = (reason: keyof typeof KEPT_FROM) => keepFrom(engine, sql, vendor, letter, reason, now)
  switch (meaning.is) {
    case 'returned': {
      const { why, dead, status } = meaning
      const settled = await cameBack(engine, sql, vendor, letter, returnedCause(why), now)
      await tell('mail_returned', { why, dead, ...(now === 'other' ? { old_address: true } : {}) })
      await record(engine, sql, vendor, letter.client_id, 'mail.returned', {
        why,
        status,
        silenced: dead && now === 'same',
      })
      return [...settled, ...(dead ? await silence('dead_address') : [])]
    }
    case 'complaint':
      await tell('mail_complained', {})
      await record(engine, sql, vendor, letter.client_id, 'mail.complained', { silenced: now === 'same' })
      return silence('complaint')
    case 'answer':
      await tell('reply_received', { channel: 'email' })
      return []
    case 'automatic':
    case 'delayed':
    case 'nothing':
      return []
  }
}

/** It did not arrive: it is kept for being sent once more, and a run that waited for what became of it hears so. */
async function cameBack(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { effect_id: effect, run_id: run, name, kind, state }: ReturnedLetter,
  cause: string,
  now: AddressNow,
): Promise<readonly RunId[]> {
  const at = engine.clock.now()
  if (!(await settleReturned(sql, { vendor, effect, cause, at })) || now === 'unmarked') return []
  await insertDeadLetters(sql, [{ vendor, effect, run, kind, cause, detail: null, at }])
  if (state !== 'unknown') return []
  const event: RunEvent = {
    is: 'settled',
    at,
    effect: name,
    outcome: { is: 'failed', cause, permanent: true },
  }
  await deliver(sql, at, [{ ref: { vendor, run }, event: JSON.stringify(event) }])
  return [run]
}

async function keepFrom(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { email_mark: mark }: ReturnedLetter,
  reason: keyof typeof KEPT_FROM & WhyNot,
  now: AddressNow,
): Promise<readonly RunId[]> {
  if (mark === null || now !== 'same') return []
  return refuseIn(engine, sql, { vendor, way: 'email', mark, actor: 'provider' }, KEPT_FROM[reason], reason)
}

async function notice(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { client_id: client, recipient: to, run_id: run, node }: ReturnedLetter,
  code: string,
  more: JsonObject,
): Promise<void> {
  const at = engine.clock.now()
  const id = engine.rng.uuid7(at)
  await insertNotices(sql, [{ vendor, id, run, node, code, facts: { client, to, ...more }, at }])
}

async function record(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  action: string,
  detail: JsonObject,
): Promise<void> {
  const at = engine.clock.now()
  const id = engine.rng.uuid7(at)
  await insertAudit(sql, [{ vendor, id, at, actor: 'provider', action, subject: client, detail }])
}
