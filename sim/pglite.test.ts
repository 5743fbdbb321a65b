import path from 'node:path'
import { expect, test } from 'vitest'
import { bootProblems } from '../src/store/boot-check.ts'
import { ANNA, dbConformance } from '../src/store/conformance.ts'
import { readMigrations } from '../src/store/migrate.ts'
import { startPglite } from './pglite.ts'

const migrations = await readMigrations(path.join(import.meta.dirname, '../src/store/fixtures/migrations'))

dbConformance('PGlite', async () => {
  const { db, session, close } = await startPglite(migrations)
  return { db, session, close }
})

test('a reset brings back the state after the migrations, sequences included', async () => {
  const world = await startPglite(migrations)
  try {
    const note = '0198c000-0000-7000-8000-000000000001'
    const fill = () =>
      world.db.tx('fill', { vendors: [ANNA] }, async (sql) => {
        await sql`insert into note (vendor_id, id, body) values (${ANNA}, ${note}, 'x')`
        return sql`insert into link (vendor_id, id, note_id, label) values (${ANNA}, ${note}, ${note}, 'l') returning seq`
      })
    const first = await fill()
    await world.reset()
    expect(await world.session.query('select from app.note')).toEqual([])
    expect(await fill()).toEqual(first)
    expect(await world.session.query('select number from wedsync.migration order by 1')).toEqual([
      { number: 1 },
      { number: 2 },
    ])
  } finally {
    await world.close()
  }
})

test('in PGlite the role of the transactions is what the boot check judges', async () => {
  const world = await startPglite(migrations)
  try {
    expect(await bootProblems(world.session, { embedded: true, judged: 'app role' })).toEqual([])
    const asLogin = await bootProblems(world.session, { embedded: true, judged: 'who logged in' })
    expect(asLogin).toMatchObject([{ code: 'mighty_role', what: 'postgres' }])
  } finally {
    await world.close()
  }
})
