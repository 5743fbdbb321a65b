import { randomBytes } from 'node:crypto'
import { newSecret } from '../../channels/webhook/signature.ts'
import {
  addIncoming,
  changeIncoming,
  listCalls,
  listIncoming,
  readIncoming,
  removeIncoming,
  rotateIncoming,
} from '../../contract/incoming.ts'
import type { VendorId } from '../../core/ids.ts'
import { becomesSchema, type CallRefusal, tellCallRefusal } from '../../core/incoming.ts'
import { Refusal } from '../../core/refusal.ts'
import { HOUR_MS, isoOf, plusMs } from '../../core/time/instant.ts'
import { freeKey, keyFrom } from '../../engine/forms.ts'
import { addressPath, isOlderTaken, openSecrets, sealSecrets } from '../../engine/incoming.ts'
import type { Sql } from '../../ports.ts'
import * as store from '../../store/incoming.ts'
import { changes, type Route, reads, type Standing } from '../frame/route.ts'

const SECRET_BYTES = 32
/** More than a business has systems; the list is shown whole. */
const ADDRESSES_MAX = 50

function shown({ engine, vendor, now }: Pick<Standing, 'engine' | 'vendor' | 'now'>, row: store.IncomingRow) {
  return {
    id: row.incoming_id,
    key: row.key,
    name: row.name,
    url: `${engine.settings.publicUrl}${addressPath(vendor, row.incoming_id)}`,
    becomes: becomesSchema.parse(row.becomes),
    paused: row.paused_at && isoOf(row.paused_at),
    olderUntil: isOlderTaken(row, now) && row.older_until ? isoOf(row.older_until) : null,
    by: row.made_by,
    at: isoOf(row.created_at),
  }
}

async function there(sql: Sql, vendor: VendorId, id: string, how: 'look' | 'lock' = 'look') {
  const row = await store.readIncoming(sql, vendor, id, how)
  if (!row) throw new Refusal('not_found', 'There is no such address here.')
  return row
}

export const incomingRoutes: readonly Route[] = [
  reads(listIncoming, async (at) => {
    const rows = await at.engine.db.read('incoming.list', { vendors: [at.vendor] }, (sql) =>
      store.listIncoming(sql, at.vendor),
    )
    return { items: rows.map((row) => shown(at, row)) }
  }),
  reads(readIncoming, (at, { params }) =>
    at.engine.db.read('incoming.read', { vendors: [at.vendor] }, async (sql) =>
      shown(at, await there(sql, at.vendor, params.incoming)),
    ),
  ),
  changes(addIncoming, async (at, { body }) => {
    const { engine, sql, vendor, now, actor } = at
    const taken = new Set((await store.listIncoming(sql, vendor)).map((one) => one.key))
    if (taken.size >= ADDRESSES_MAX)
      throw new Refusal(
        'conflict',
        `There are ${ADDRESSES_MAX} addresses already. Remove one that nobody calls.`,
      )
    const id = engine.rng.uuid7(now)
    const secret = newSecret(randomBytes(SECRET_BYTES))
    const wanted = keyFrom(body.name)
    const key = taken.has(wanted) ? freeKey(wanted, taken) : wanted
    const row = {
      ...{ incoming_id: id, key, name: body.name, becomes: body.becomes, made_by: actor, created_at: now },
      sealed: await sealSecrets(engine, vendor, id, { newest: secret, older: null }),
    }
    if (!(await store.insertIncoming(sql, vendor, row)))
      throw new Refusal('conflict', 'An address of this name is being made; try again.')
    at.audit('incoming.added', id, { name: body.name, type: body.becomes.type })
    return { ...shown(at, { ...row, older_until: null, paused_at: null }), secret }
  }),
  changes(changeIncoming, async (at, { params, body }) => {
    const { sql, vendor, now } = at
    const before = await there(sql, vendor, params.incoming, 'lock')
    at.mustBeSeen(shown(at, before))
    const paused_at =
      body.paused === undefined ? before.paused_at : body.paused ? (before.paused_at ?? now) : null
    const after = {
      ...before,
      name: body.name ?? before.name,
      becomes: body.becomes ?? before.becomes,
      paused_at,
    }
    await store.saveIncoming(sql, vendor, after)
    at.audit('incoming.changed', params.incoming, {
      name: after.name,
      changed: Object.keys(body),
      ...(body.paused !== undefined && { paused: body.paused }),
    })
    return shown(at, after)
  }),
  changes(rotateIncoming, async (at, { params, body }) => {
    const { engine, sql, vendor, now } = at
    const before = await there(sql, vendor, params.incoming, 'lock')
    const { newest: older } = await openSecrets(engine, vendor, before)
    const secret = newSecret(randomBytes(SECRET_BYTES))
    const keeps = body.overlapHours > 0
    const after = {
      ...before,
      sealed: await sealSecrets(engine, vendor, params.incoming, {
        newest: secret,
        older: keeps ? older : null,
      }),
      older_until: keeps ? plusMs(now, body.overlapHours * HOUR_MS) : null,
    }
    await store.saveIncoming(sql, vendor, after)
    at.audit('incoming.secret_changed', params.incoming, {
      name: after.name,
      overlapHours: body.overlapHours,
    })
    return { ...shown(at, after), secret }
  }),
  changes(removeIncoming, async (at, { params }) => {
    const name = await store.removeIncoming(at.sql, at.vendor, params.incoming, at.now)
    if (name === null) throw new Refusal('not_found', 'There is no such address here.')
    at.audit('incoming.removed', params.incoming, { name })
    return null
  }),
  reads(listCalls, ({ engine, vendor }, { params }) =>
    engine.db.read('incoming.calls', { vendors: [vendor] }, async (sql) => {
      await there(sql, vendor, params.incoming)
      const rows = await store.listCalls(sql, vendor, params.incoming)
      return {
        items: rows.map((row) => ({
          id: row.call_id,
          at: isoOf(row.at),
          verdict: row.verdict,
          code: row.why as CallRefusal | null,
          why: row.why === null ? null : tellCallRefusal(row.why as CallRefusal, row.field),
          event: row.event_id,
          client: row.client_id,
          started: row.started,
          woken: row.woken,
        })),
      }
    }),
  ),
]
