import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instantFrom } from '../../src/core/time/instant.ts'
import { quarterOf } from '../../src/core/time/quarter.ts'
import { type OpenSession, openSession } from '../../src/postgres/client.ts'
import { startClock } from '../../src/postgres/clock.ts'
import { openDb, type PostgresDb } from '../../src/postgres/connect.ts'
import { keepLogs } from '../../src/queue/log-keeper.ts'
import { bootProblems } from '../../src/store/boot-check.ts'
import { dbConformance } from '../../src/store/conformance.ts'
import { keepPartitions, partitionTrouble } from '../../src/store/partitions.ts'
import { partitionConformance } from '../../src/store/partitions-conformance.ts'
import { schemaText } from '../../src/store/schema-text.ts'
import { sqlState } from '../../src/store/sql.ts'
import { until } from '../queue/stage.ts'
import {
  bothLines,
  everyServer,
  layFixtureTables,
  productMigrations,
  sayProved,
  silent,
  type TestServer,
} from './servers.ts'

/** The product's own schema on every server there is, with the roles it really has, and with others at work. */
const { servers, notProved } = everyServer(productMigrations)
const proved: string[] = []
afterAll(() => sayProved('the schema', proved, notProved))
// A version that is not installed cannot be tried; it is named among the skipped, so that nobody takes it for proved.
for (const one of notProved) test.skip(one, () => undefined)

const NOW = instantFrom('2027-05-10T12:00:00Z')
const KEEP_DAYS = 400

for (const [title, start] of servers)
  describe(title, () => {
    let server: TestServer
    let text: string
    let owner: OpenSession
    let login: OpenSession
    let app: PostgresDb
    beforeAll(async () => {
      server = await start()
      proved.push(server.version)
      const admin = await openSession(server.target('wed_admin'))
      text = await schemaText(admin)
      await admin.close()
      await layFixtureTables(server)
      owner = await openSession(server.target('wed_migrate'))
      login = await openSession(server.target('wed_app'))
      app = openDb(server.target('wed_app'), { log: silent, connectionsMax: 2 })
    })
    afterAll(async () => {
      await app?.close()
      await Promise.all([owner?.close(), login?.close()])
      await server?.stop()
    })

    test('its text is the golden one, and row-level security cannot be escaped', async () => {
      const golden = new URL('../../src/store/schema.sql', import.meta.url)
      expect(text).toBe(await readFile(golden, 'utf8'))
      const problems = await bootProblems(login, { embedded: false, judged: 'who logged in' })
      expect(problems.filter((one) => one.severity === 'refuse')).toEqual([])
    })

    dbConformance(`${title}, on the product’s schema`, () => bothLines(server))

    partitionConformance({
      owner: () => owner,
      app: () => app,
      judged: 'who logged in',
      login: () => login,
    })

    test('while the program runs the keeper comes again and again', async () => {
      const clock = startClock(server.target('wed_app'), silent)
      await clock.ready(10_000)
      const keeper = keepLogs(server.target('wed_migrate'), {
        clock,
        log: silent,
        keepDays: KEEP_DAYS,
        everyMs: 20,
      })
      const near = async () => (await partitionTrouble(login, clock.now(), KEEP_DAYS)).missing
      await until(async () => (await near()).length === 0)
      await owner.exec(
        `set role wed_owner; drop table app.run_log_${quarterOf(clock.now()).name}; reset role`,
      )
      await until(async () => (await near()).length === 0)
      await keeper.stop()
      await clock.close()
    })

    test('of two keepers at once one does the work, and both are content', async () => {
      const other = await openSession(server.target('wed_migrate'))
      const kept = await Promise.all([owner, other].map((one) => keepPartitions(one, NOW, KEEP_DAYS)))
      await other.close()
      const made = kept.flatMap((one) => one.made)
      expect(made.toSorted()).toEqual([...new Set(made)].sort())
      // One may have found the other at work on either log; whoever comes next finds nothing left out.
      made.push(...(await keepPartitions(owner, NOW, KEEP_DAYS)).made)
      expect(made).toHaveLength(6)
    })

    test('a keeper who would have to wait for a long reader gives up and has changed nothing', async () => {
      await login.exec('begin; lock table app.run_log in access share mode')
      await login.query('select from app.run_log limit 1')
      const tried = keepPartitions(owner, NOW, KEEP_DAYS).catch((error: unknown) => error)
      expect(sqlState(await tried)).toBe('55P03')
      await login.exec('commit')
      expect((await keepPartitions(owner, NOW, KEEP_DAYS)).made).toHaveLength(6)
    })
  })
