import { randomBytes } from 'node:crypto'
import { limitKey, listKeys, makeKey, revokeKey } from '../../contract/keys.ts'
import { Refusal } from '../../core/refusal.ts'
import { DAY_MS, isoOf, plusMs } from '../../core/time/instant.ts'
import { addApiKeyIn } from '../../engine/api-keys.ts'
import { type ApiKeyRow, limitApiKey, listApiKeys, revokeApiKeys } from '../../store/api-key-list.ts'
import { readableNetworks } from '../frame/networks.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const SECRET_BYTES = 32

const shown = (row: ApiKeyRow) => ({
  id: row.api_key_id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  networks: row.networks,
  by: row.made_by,
  at: isoOf(row.created_at),
  expires: row.expires_at && isoOf(row.expires_at),
  revoked: row.revoked_at && isoOf(row.revoked_at),
})

export const keyRoutes: readonly Route[] = [
  reads(listKeys, async ({ engine, vendor }) => {
    const rows = await engine.db.read('key.list', { vendors: [vendor] }, (sql) => listApiKeys(sql, vendor))
    return {
      items: rows.map(shown),
    }
  }),
  changes(makeKey, async (at, { body }) => {
    // Nobody hands out what they may not do themselves; that holds for a key that makes keys, too.
    const beyond = body.scopes.filter((scope) => !at.may(scope))
    if (beyond.length > 0)
      throw new Refusal('forbidden', `You cannot give what you may not do: ${beyond.join(', ')}.`)
    const expires = plusMs(at.now, body.days * DAY_MS)
    const scopes = [...new Set(body.scopes)]
    const networks = readableNetworks(body.networks)
    const one = {
      ...{ name: body.name, scopes, networks, expires, by: at.actor },
      random: randomBytes(SECRET_BYTES),
    }
    const { id, secret, hint, at: made } = await addApiKeyIn(at.engine, at.sql, at.vendor, one)
    at.audit('key.made', id, { name: body.name, scopes, networks, expires: isoOf(expires) })
    const dates = { at: isoOf(made), expires: isoOf(expires), revoked: null }
    return { id, name: body.name, hint, scopes, networks, by: at.actor, ...dates, secret }
  }),
  changes(limitKey, async (at, { params, body }) => {
    const networks = readableNetworks(body.networks)
    const row = await limitApiKey(at.sql, at.vendor, params.key, networks)
    if (!row) throw new Refusal('not_found', 'There is no valid key with this id.')
    at.audit('key.limited', params.key, { name: row.name, networks })
    return shown(row)
  }),
  changes(revokeKey, async (at, { params }) => {
    const revoked = await revokeApiKeys(at.sql, at.vendor, params.key, at.now)
    if (revoked.length === 0) throw new Refusal('not_found', 'There is no valid key with this id.')
    at.audit('key.revoked', params.key)
    return null
  }),
]
