import { checkAudit, listAudit } from '../../contract/audit.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import { checkRecordPage } from '../../engine/seal-audit.ts'
import { pageOfAudit } from '../../store/audit-list.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { type Route, reads } from '../frame/route.ts'

const PLACE = /^[1-9]\d{0,8}$/

export const auditRoutes: readonly Route[] = [
  reads(checkAudit, async ({ engine, vendor, now }, { query }) => {
    const [place] = readCursor(query.cursor, [PLACE]) ?? []
    const check = await engine.db.read('audit.check', { vendors: [vendor] }, (sql) =>
      checkRecordPage(engine, sql, vendor, { after: Number(place ?? 0) }),
    )
    const { hash, until_at: until } = check
    const newest = check.place
    return {
      checked: isoOf(now),
      seal:
        newest === null || hash === null || until === null
          ? null
          : { place: newest, hash, until: isoOf(until) },
      sealed: check.sealed,
      letGo: check.let_go,
      waiting: check.waiting,
      found: check.found,
      altered: [...check.alterations],
      upTo: check.next ?? newest,
      next: check.next === null ? null : cursorOf([String(check.next)]),
    }
  }),
  reads(listAudit, async ({ engine, vendor }, { query }) => {
    const [at, id] = readCursor(query.cursor, [MILLISECONDS, UUID]) ?? []
    const before = at !== undefined && id !== undefined ? { at: instant(Number(at)), id } : null
    const rows = await engine.db.read('audit.list', { vendors: [vendor] }, (sql) =>
      pageOfAudit(sql, vendor, before, query.limit + 1),
    )
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    return {
      items: items.map((row) => ({
        id: row.audit_id,
        at: isoOf(row.at),
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
      })),
      next: rows.length > query.limit && last ? cursorOf([String(last.at), last.audit_id]) : null,
    }
  }),
]
