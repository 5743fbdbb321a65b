import { expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import type { ClientId } from '../core/ids.ts'
import type { Db } from '../ports.ts'
import type { Engine } from './engine.ts'
import { type Incoming, receiveAll, receiver } from './receive.ts'

/** Events that arrive together are taken in together, and each gets the answer it would have got alone. */
const journey = {
  format: 1,
  name: 'Thanks',
  category: 'planning',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'contract_signed' },
    { id: 'wait', kind: 'await', for: { event: 'payment_received' }, timeout: { after: { days: 30 } } },
  ],
  edges: [{ from: 'begin', to: 'wait' }],
}
const nobody = '00000000-0000-7000-8000-000000000000' as ClientId

async function couples(count: number): Promise<{ w: House; clients: ClientId[] }> {
  const w = await house({ now: '2027-05-01T12:00:00Z' })
  await w.publish('thanks', journey)
  const clients: ClientId[] = []
  for (let i = 0; i < count; i += 1) clients.push((await w.couple({})).client)
  return { w, clients }
}

const signed = (client: ClientId, key: string = client): Incoming => ({
  source: 'web',
  key,
  type: 'contract_signed',
  client,
  data: {},
})

function counting(db: Db) {
  const count = { receive: 0 }
  const counted: Db = {
    ...db,
    tx(name, scope, work) {
      if (name === 'receive') count.receive += 1
      return db.tx(name, scope, work)
    },
  }
  return { count, counted }
}

test('a flood of events is a handful of commits, and each couple begins once', async () => {
  const { w, clients } = await couples(20)
  const { count, counted } = counting(w.engine.db)
  const receive = receiver({ ...w.engine, db: counted })
  const receipts = await Promise.all(clients.map((client) => receive(w.vendor, signed(client))))
  expect(receipts.map((one) => [one.duplicate, one.started.length])).toEqual(clients.map(() => [false, 1]))
  expect(count.receive).toBeLessThanOrEqual(2)
  const again = await Promise.all(clients.map((client) => receive(w.vendor, signed(client))))
  expect(again.map((one) => one.started)).toEqual(receipts.map((one) => one.started))
  expect(again.every((one) => one.duplicate)).toBe(true)
})

test('two events of one couple are heard one after the other, and the same event twice is one', async () => {
  const { w, clients } = await couples(1)
  const [client] = clients as [ClientId]
  const paid: Incoming = { ...signed(client, 'paid'), type: 'payment_received' }
  const answers = await receiveAll(w.engine, w.vendor, [signed(client), paid, signed(client), { ...paid }])
  const told = answers.map((one) =>
    one instanceof Error ? one.message : [one.duplicate, one.started.length, one.woken.length],
  )
  expect(told).toEqual([
    [false, 1, 0],
    [false, 0, 1],
    [true, 1, 0],
    [true, 0, 1],
  ])
})

test('a stranger among them is refused, and nobody else', async () => {
  const { w, clients } = await couples(2)
  const receive = receiver(w.engine)
  const results = await Promise.allSettled(
    [clients[0]!, nobody, clients[1]!].map((client) => receive(w.vendor, signed(client))),
  )
  expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((results[1] as PromiseRejectedResult).reason).toMatchObject({ code: 'not_found' })
})

test('what breaks with one event breaks that one only', async () => {
  const { w, clients } = await couples(3)
  const known = await w.session.query<{ run_id: string }>('select run_id from app.run')
  expect(known).toEqual([])
  const poisoned = clients[1]!
  const engine: Engine = {
    ...w.engine,
    vault: {
      ...w.engine.vault,
      seal: async (place, plain) => {
        if (place.subject === poisoned && place.table === 'event') throw new Error('no key')
        return w.engine.vault.seal(place, plain)
      },
    },
  }
  const receive = receiver(engine)
  const results = await Promise.allSettled(
    clients.map((client) => receive(w.vendor, { ...signed(client), personal: { note: 'yes' } })),
  )
  expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await w.session.query('select run_id from app.run')).toHaveLength(2)
})
