import type { ClientId, EventId, RunId } from '../core/ids.ts'
import { type CallRead, type CallRefused, type NewPersonRead, readCall } from '../core/incoming.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { findEvents } from '../store/events.ts'
import { couplesWithEmail, insertCall, type NewCall } from '../store/incoming.ts'
import { hasOpenNoticeOfAddress, insertNotices } from '../store/notices.ts'
import { addCoupleIn, type NewCouple } from './clients.ts'
import type { Engine } from './engine.ts'
import type { OpenAddress } from './incoming.ts'
import { markOfAddress } from './mark.ts'
import { receiptOf, receiveIn } from './receive.ts'
import { afterTwin, retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'

/**
 * A proven call of another system becomes an event: its couple found or added, the event heard, and the note of the
 * call, in one transaction. The sender's id of the call is the key of the event, which is unique for good: the same
 * call again finds it and does nothing.
 */
export type CallAnswer =
  | { readonly is: 'heard'; readonly event: EventId; readonly duplicate: boolean }
  | ({ readonly is: 'refused' } & CallRefused)

export async function hearCall(
  engine: Engine,
  address: OpenAddress,
  id: string,
  body: unknown,
): Promise<CallAnswer> {
  const rung: RunId[] = []
  const answer = await afterTwin(() =>
    retrying(engine, () => {
      rung.length = 0
      return engine.db.tx('incoming.hear', { vendors: [address.vendor] }, (sql) =>
        hearIn(engine, sql, address, id, body, rung),
      )
    }),
  )
  ringRuns(engine, rung)
  if (answer.is === 'refused') await noteUntaken(engine, address, answer)
  return answer
}

export async function noteRefused(
  engine: Engine,
  address: OpenAddress,
  { why, field }: CallRefused,
): Promise<void> {
  await engine.db.tx('incoming.refuse', { vendors: [address.vendor] }, (sql) =>
    note(engine, sql, address, { verdict: 'refused', why, field, event: null }),
  )
}

/** Somebody who has the secret told something that came to nothing: a person is told, once until they have seen to it. */
async function noteUntaken(engine: Engine, address: OpenAddress, { why, field }: CallRefused): Promise<void> {
  const { vendor, incoming, name } = address
  await engine.db.tx('incoming.untaken', { vendors: [vendor] }, async (sql) => {
    await note(engine, sql, address, { verdict: 'refused', why, field, event: null })
    if (await hasOpenNoticeOfAddress(sql, vendor, incoming, 'call_refused')) return
    const at = engine.clock.now()
    const facts = { incoming, name, why }
    const id = engine.rng.uuid7(at)
    await insertNotices(sql, [{ vendor, id, run: null, node: null, code: 'call_refused', facts, at }])
  })
}

function note(
  engine: Engine,
  sql: Sql,
  { vendor, incoming }: OpenAddress,
  what: Pick<NewCall, 'verdict' | 'why' | 'field' | 'event'>,
): Promise<void> {
  const at = engine.clock.now()
  return insertCall(sql, vendor, { incoming, id: engine.rng.uuid7(at), at, ...what })
}

async function hearIn(
  engine: Engine,
  sql: Sql,
  address: OpenAddress,
  id: string,
  body: unknown,
  rung: RunId[],
): Promise<CallAnswer> {
  const { vendor, incoming, becomes } = address
  const source = { source: `in:${incoming}`, key: id }
  const heard = async (event: EventId, duplicate: boolean): Promise<CallAnswer> => {
    const verdict = duplicate ? 'repeated' : 'accepted'
    await note(engine, sql, address, { verdict, why: null, field: null, event })
    return { is: 'heard', event, duplicate }
  }
  // Before anything is read: what was taken once stays taken, whatever the address has become since.
  const before = (await findEvents(sql, vendor, [source])).get(`${source.source}|${id}`)
  if (before) return heard(before.event_id, true)
  const call = readCall(becomes, body)
  if ('refused' in call) return { is: 'refused', ...call.refused }
  const found = await coupleOf(engine, sql, address, call.read)
  if ('why' in found) return { is: 'refused', ...found }
  rung.push(...found.started)
  const { data, personal } = call.read
  const [told] = await receiveIn(engine, sql, vendor, [
    {
      ...source,
      type: becomes.type,
      client: found.client,
      data: becomes.type === 'inbound_webhook' ? { ...data, hook: address.key } : data,
      ...(Object.keys(personal).length > 0 && { personal }),
    },
  ])
  if (told instanceof Refusal && told.code === 'not_found')
    return { is: 'refused', why: 'couple_unknown', field: becomes.couple.at }
  if (told instanceof Refusal && told.code === 'invalid')
    return { is: 'refused', why: 'day_strange', field: null }
  const receipt = receiptOf(told!)
  rung.push(...receipt.started.map(({ run }) => run), ...receipt.woken)
  return heard(receipt.event, receipt.duplicate)
}

type Found = { readonly client: ClientId; readonly started: readonly RunId[] }
/** Whoever came with such a call is known by it from then on, by whichever address of the same system. */
const CAME = 'in:couple'

async function coupleOf(
  engine: Engine,
  sql: Sql,
  { vendor, incoming, becomes }: OpenAddress,
  { whom, add }: CallRead,
): Promise<Found | CallRefused> {
  const known = (client: ClientId): Found => ({ client, started: [] })
  const refused = (why: CallRefused['why'], field = becomes.couple.at): CallRefused => ({ why, field })
  if (whom.by === 'client') return known(whom.value as ClientId)
  const { system } = becomes.couple
  const email = whom.by === 'email' ? whom.value : (add?.email ?? null)
  const mark = email === null ? null : await markOfAddress(engine, sql, vendor, 'email', email)
  const key =
    whom.by === 'external'
      ? `external:${system === null ? `at:${incoming}` : `of:${system}`}:${whom.value}`
      : `email:${Buffer.from(mark ?? []).toString('hex')}`
  const came = (await findEvents(sql, vendor, [{ source: CAME, key }])).get(`${CAME}|${key}`)
  if (whom.by === 'external' && came?.client_id) return known(came.client_id)
  const [first, another] = mark === null ? [] : await couplesWithEmail(sql, vendor, mark)
  if (another) return refused('couple_ambiguous')
  if (first) return known(first)
  if (came?.client_id) return known(came.client_id)
  if (add === null) return refused('couple_unknown')
  if (add.name === '') return refused('name_missing', becomes.add?.name)
  const { client, receipt } = await addCoupleIn(engine, sql, vendor, newCouple(add), { source: CAME, key })
  return { client, started: receipt.started.map(({ run }) => run) }
}

const newCouple = ({ name, email, phone, wedding }: NewPersonRead): NewCouple => ({
  people: [{ ref: 'partner_a', name, ...(email !== null && { email }), ...(phone !== null && { phone }) }],
  ...(wedding !== null && { wedding: { on: wedding } }),
})
