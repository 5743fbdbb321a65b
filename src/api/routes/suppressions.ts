import { addSuppression, liftSuppression, listSuppressions } from '../../contract/suppressions.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import type { MessageClass } from '../../core/wedding/policy.ts'
import { allowIn, CLASSES, refuseIn, type WhyNot } from '../../engine/consent.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { markOfAddress } from '../../engine/mark.ts'
import { ringRuns } from '../../engine/ring.ts'
import { peopleOfMark, listSuppressions as rowsOf } from '../../store/consents.ts'
import { cursorOf, MILLISECONDS, readCursor } from '../frame/cursor.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const MARK = /^[A-Za-z0-9_-]{43}$/
const idOf = (way: 'email' | 'sms', mark: Uint8Array): string => `${way}.${textOf(mark)}`
const textOf = (mark: Uint8Array): string => Buffer.from(mark).toString('base64url')

/** A dead address hears nothing at all; who complained, or was unsubscribed, still hears what must arrive. */
const following = (reason: WhyNot): readonly MessageClass[] =>
  reason === 'dead_address' ? CLASSES : ['relationship', 'marketing']

export const suppressionRoutes: readonly Route[] = [
  reads(listSuppressions, ({ engine, vendor }, { query }) =>
    engine.db.read('suppression.list', { vendors: [vendor] }, async (sql) => {
      const [at, id] = readCursor(query.cursor, [MILLISECONDS, MARK]) ?? []
      const before =
        at !== undefined && id !== undefined
          ? { at: instant(Number(at)), mark: Buffer.from(id, 'base64url') }
          : null
      const rows = await rowsOf(sql, vendor, before, query.limit + 1)
      const page = rows.slice(0, query.limit)
      const items = []
      for (const row of page) {
        const way = row.channel === 'sms' ? 'sms' : 'email'
        const people = await peopleOfMark(sql, vendor, way, row.mark)
        const clients = await namedClientsIn(engine, sql, vendor, [
          ...new Set(people.map((one) => one.client_id)),
        ])
        items.push({
          id: idOf(way, row.mark),
          channel: way,
          classes: row.class.split(',') as MessageClass[],
          reason: row.reason as WhyNot,
          at: isoOf(row.at),
          clients: clients.map((one) => ({ id: one.client_id as string, name: namesOf(one) })),
        } as const)
      }
      const last = page.at(-1)
      return {
        items,
        next: rows.length > query.limit && last ? cursorOf([String(last.at), textOf(last.mark)]) : null,
      }
    }),
  ),
  changes(addSuppression, async (at, { body }) => {
    const { engine, sql, vendor, actor } = at
    const mark = await markOfAddress(engine, sql, vendor, body.channel, body.address)
    if (mark === null) throw new Refusal('invalid', 'This is no address, or no number.')
    const whose = { vendor, way: body.channel, mark, actor }
    const touched = await refuseIn(engine, sql, whose, body.classes ?? following(body.reason), body.reason)
    const id = idOf(body.channel, mark)
    at.audit('suppression.added', id, { channel: body.channel, reason: body.reason })
    at.after(() => ringRuns(engine, touched))
    return { id }
  }),
  changes(liftSuppression, async (at, { params }) => {
    const [way, mark] = params.suppression.split('.') as ['email' | 'sms', string]
    const whose = { vendor: at.vendor, way, mark: Buffer.from(mark, 'base64url'), actor: at.actor }
    const lifted = await allowIn(at.engine, at.sql, whose, CLASSES, 'vendor')
    if (lifted.length === 0) throw new Refusal('not_found', 'Nothing is held back from this address.')
    at.audit('suppression.lifted', params.suppression, { channel: way, classes: [...lifted] })
    return null
  }),
]
