import { checkImport, importClients } from '../../contract/import.ts'
import { goOnSoon } from '../../engine/bulk.ts'
import { beginImportIn, checkSheet } from '../../engine/import-job.ts'
import { dateJourneys, journeysListeningTo } from '../../store/journeys.ts'
import { changes, type Route, reads } from '../frame/route.ts'

export const importRoutes: readonly Route[] = [
  reads(checkImport, async ({ engine, vendor }, { body }) => {
    const found = await checkSheet(engine, vendor, body)
    const journeys = await engine.db.read('import.begins', { vendors: [vendor] }, (sql) =>
      Promise.all([journeysListeningTo(sql, vendor, 'client_added'), dateJourneys(sql, vendor)]),
    )
    return { ...found, begins: journeys.flat().map((one) => one.name) }
  }),
  changes(importClients, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const { job, total } = await beginImportIn(engine, sql, vendor, body, at.actor)
    at.audit('clients.imported', job, { rows: total })
    at.after(() => goOnSoon(engine, vendor, job))
    return { job, total }
  }),
]
