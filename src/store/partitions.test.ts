import { afterAll, beforeAll, describe } from 'vitest'
import { type SimDatabase, startPglite } from '../../sim/pglite.ts'
import { readMigrations } from './migrate.ts'
import { partitionConformance } from './partitions-conformance.ts'

describe('on PGlite', () => {
  let world: SimDatabase
  beforeAll(async () => {
    world = await startPglite(await readMigrations('src/store/migrations'))
  })
  afterAll(() => world?.close())
  partitionConformance({ owner: () => world.session, app: () => world.db, judged: 'app role' })
})
