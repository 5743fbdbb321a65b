import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../src/postgres/client.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { dbConformance } from '../../src/store/conformance.ts'
import { schemaText } from '../../src/store/schema-text.ts'
import { serverConformance } from './server-conformance.ts'
import { everyServer, sayProved, silent, type TestServer } from './servers.ts'

/** The same promises on every server there is: the embedded one, older ones of this machine, a given one. */
const { servers, notProved } = everyServer()
const proved: string[] = []
afterAll(() => sayProved('transactions', proved, notProved))
for (const one of notProved) test.skip(one, () => undefined)

for (const [title, start] of servers)
  describe(title, () => {
    let server: TestServer
    beforeAll(async () => {
      server = await start()
      proved.push(server.version)
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
