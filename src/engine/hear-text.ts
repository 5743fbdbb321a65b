import type { VendorId } from '../core/ids.ts'
import { wordOf } from '../modules/sms/phone.ts'
import { readDress } from '../store/brand.ts'
import { insertAudit } from '../store/changes.ts'
import { insertNotices } from '../store/notices.ts'
import { textedLast } from '../store/people.ts'
import { allowIn, CLASSES, refuseIn } from './consent.ts'
import type { Engine } from './engine.ts'
import { markOfAddress } from './mark.ts'
import { receiptOf, receiveIn } from './receive.ts'
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
  /** The provider's name for this text: told twice, it is one answer. */
  named: string,
): Promise<string | null> {
  const word = wordOf(body)
  if (word === null) {
    await keepReply(engine, vendor, from, body, named)
    return null
  }
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

const WORDS_MAX = 4_000

/**
 * What is no such word is for a person to read: kept as something that happened to the couple, its words sealed; a
 * journey that waits for an answer hears it, and Today tells of it. From a number nobody has here, nothing is kept.
 */
async function keepReply(
  engine: Engine,
  vendor: VendorId,
  from: string,
  body: string,
  named: string,
): Promise<void> {
  const heard = await retrying(engine, () =>
    engine.db.tx('sms.reply', { vendors: [vendor] }, async (sql) => {
      const mark = await markOfAddress(engine, sql, vendor, 'sms', from)
      const whose = mark && (await textedLast(sql, vendor, mark))
      if (!whose) return null
      const { client_id: client, ref: person } = whose
      const words = { text: body.trim().slice(0, WORDS_MAX) }
      const reply = { source: 'sms', key: named, type: 'reply_received', client, personal: words }
      const [told] = await receiveIn(engine, sql, vendor, [{ ...reply, data: { channel: 'sms', person } }])
      const receipt = receiptOf(told!)
      if (receipt.duplicate) return null
      const at = engine.clock.now()
      const facts = { client, channel: 'sms' }
      const id = engine.rng.uuid7(at)
      await insertNotices(sql, [{ vendor, id, run: null, node: null, code: 'reply_received', facts, at }])
      return receipt
    }),
  )
  if (heard) ringRuns(engine, [...heard.started.map(({ run }) => run), ...heard.woken])
}
