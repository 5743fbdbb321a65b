import { channelsOf, type MailReturns } from '../core/channel-settings.ts'
import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { readDress, setChannels } from '../store/brand.ts'
import { insertAudit } from '../store/changes.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'

/** A letter to try out whether mail comes in: that it was sent, and that it came, lies with the settings it is about. */
export async function beginTrial(engine: Engine, vendor: VendorId, actor: string): Promise<string> {
  const at = engine.clock.now()
  const id = engine.rng.uuid7(at)
  await retrying(engine, () =>
    engine.db.tx('returns.tried', { vendors: [vendor] }, async (sql) => {
      await change(sql, vendor, (returns) => ({ ...returns, trial: { id, sent: at, heard: null } }))
      await insertAudit(sql, [
        { vendor, id, at, actor, action: 'channels.returns_tried', subject: vendor, detail: {} },
      ])
    }),
  )
  return id
}

/** Whether this was the latest trial; an earlier one says nothing any more. */
export async function hearTrial(engine: Engine, vendor: VendorId, trial: string): Promise<boolean> {
  const at = engine.clock.now()
  return retrying(engine, () =>
    engine.db.tx('returns.heard', { vendors: [vendor] }, (sql) =>
      change(sql, vendor, (returns) => heard(returns, trial, at)),
    ),
  )
}

const heard = (returns: MailReturns, trial: string, at: Instant): MailReturns | null =>
  returns.trial?.id === trial
    ? { ...returns, trial: { ...returns.trial, heard: returns.trial.heard ?? at } }
    : null

async function change(
  sql: Sql,
  vendor: VendorId,
  to: (returns: MailReturns) => MailReturns | null,
): Promise<boolean> {
  const channels = channelsOf((await readDress(sql, vendor, 'lock'))?.channels)
  const returns = channels.email.returns && to(channels.email.returns)
  if (returns === null) return false
  await setChannels(sql, vendor, { ...channels, email: { ...channels.email, returns } })
  return true
}
