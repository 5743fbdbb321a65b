import type { VendorId } from '../core/ids.ts'
import { wordOf } from '../modules/sms/phone.ts'
import { readDress } from '../store/brand.ts'
import { insertAudit } from '../store/changes.ts'
import { allowIn, CLASSES, refuseIn } from './consent.ts'
import type { Engine } from './engine.ts'
import { markOfAddress } from './mark.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'

/**
 * Somebody answered a text. One word ends or begins it, for this business alone; what is to be said back, or null
 * where the provider says it by itself (it confirms a STOP and a START, as the carriers ask of it).
 */
export async function hearText(
  engine: Engine,
  vendor: VendorId,
  from: string,
  body: string,
): Promise<string | null> {
  const word = wordOf(body)
  if (word === null) return null
  const heard = await retrying(engine, () =>
    engine.db.tx('sms.heard', { vendors: [vendor] }, async (sql) => {
      const mark = await markOfAddress(engine, sql, vendor, 'sms', from)
      const name = (await readDress(sql, vendor))?.name ?? ''
      if (mark === null || word === 'help') return { touched: [], name }
      const whose = { vendor, way: 'sms', mark, actor: 'person' } as const
      if (word === 'start') await allowIn(engine, sql, whose, CLASSES, 'word')
      const touched = word === 'stop' ? await refuseIn(engine, sql, whose, CLASSES, 'stop') : []
      const at = engine.clock.now()
      const subject = Buffer.from(mark).toString('base64url')
      await insertAudit(sql, [
        {
          vendor,
          id: engine.rng.uuid7(at),
          at,
          actor: 'person',
          action: 'consent.said',
          subject,
          detail: { channel: 'sms', word },
        },
      ])
      return { touched, name }
    }),
  )
  ringRuns(engine, heard.touched)
  return word === 'help'
    ? `${heard.name}: texts about your wedding. Answer by mail for help. Reply STOP to end.`
    : null
}
