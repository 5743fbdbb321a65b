import { holdEverything, readSending, type SendingState } from '../../contract/sending.ts'
import { channelsOf, ownMailOf } from '../../core/channel-settings.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import type { Engine } from '../../engine/engine.ts'
import { setHeldIn } from '../../engine/hold-everything.ts'
import { membersOf } from '../../engine/members.ts'
import { ringRuns } from '../../engine/ring.ts'
import type { Sql } from '../../ports.ts'
import { readDress } from '../../store/brand.ts'
import type { ChannelHouse } from '../channel-house.ts'
import { changes, type Route, reads } from '../frame/route.ts'

export const sendingRoutes = (house: ChannelHouse): readonly Route[] => [
  reads(readSending, ({ engine, vendor }) =>
    engine.db.read('sending.read', { vendors: [vendor] }, (sql) => shown(house, engine, sql, vendor)),
  ),
  changes(holdEverything, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const told = await setHeldIn(engine, sql, vendor, body.held, at.actor)
    at.audit(body.held ? 'sending.held' : 'sending.released', vendor, { runs: told.length })
    at.after(() => ringRuns(engine, told))
    return shown(house, engine, sql, vendor)
  }),
]

async function shown(house: ChannelHouse, engine: Engine, sql: Sql, vendor: VendorId): Promise<SendingState> {
  const row = await readDress(sql, vendor)
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  const settings = channelsOf(row.channels)
  const hasServer = ownMailOf(settings) !== null || house.mailFrom !== null
  const leaves = house.sending && hasServer && (settings.email.sending ?? true)
  if (settings.held === null) return { leaves, held: null }
  const { since, by } = settings.held
  const members = await membersOf(engine, sql, vendor)
  const name = members.find(({ id }) => `member:${id}` === by)?.name
  return {
    leaves,
    held: {
      since: isoOf(instant(since)),
      by: name ?? (by.startsWith('key:') ? 'a program' : 'somebody who has left'),
    },
  }
}
