import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../src/postgres/client.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { dbConformance } from '../../src/store/conformance.ts'
import { schemaText } from '../../src/store/schema-text.ts'
import { serverConformance } from './server-conformance.ts'
import {
  embeddedServer,
  givenServer,
  olderBinaries,
  olderServer,
  silent,
  type TestServer,
} from './servers.ts'

/** The same promises on every server there is: the embedded one, an older one of this machine, a given one. */
const older = olderBinaries()
const given = process.env.WEDSYNC_TEST_DATABASE_URL
const servers: (readonly [title: string, start: () => Promise<TestServer>])[] = [
  ['the embedded PostgreSQL', embeddedServer],
  ...(older ? [['an older PostgreSQL', () => olderServer(older)] as const] : []),
  ...(given ? [['the given PostgreSQL', () => givenServer(given)] as const] : []),
]

for (const [title, start] of servers)
  describe(title, () => {
    let server: TestServer
    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server?.stop())

    test('the schema’s text is the golden one', async () => {
      const session = await openSession(server.target('wed_admin'))
      const golden = new URL('../../src/store/fixtures/schema.sql', import.meta.url)
      expect(await schemaText(session)).toBe(await readFile(golden, 'utf8'))
      await session.close()
    })

    dbConformance(title, async () => {
      const db = openDb(server.target('wed_app'), { log: silent, connectionsMax: 4 })
      const session = await openSession(server.target('wed_admin'))
      return {
        db,
        session,
        async close() {
          await db.close()
          await session.close()
        },
      }
    })
    serverConformance(title, () => server)
  })
