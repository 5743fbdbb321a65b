import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../src/postgres/client.ts'
import { dbConformance } from '../../src/store/conformance.ts'
import { schemaText } from '../../src/store/schema-text.ts'
import { serverConformance } from './server-conformance.ts'
import { bothLines, everyServer, sayProved, type TestServer } from './servers.ts'

/** The same promises on every server there is: the embedded one, older ones of this machine, a given one. */
const { servers, notProved } = everyServer()
const proved: string[] = []
afterAll(() => sayProved('transactions', proved, notProved))
// A version that is not installed cannot be tried; it is named among the skipped, so that nobody takes it for proved.
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

    dbConformance(title, () => bothLines(server))
    serverConformance(title, () => server)
  })
