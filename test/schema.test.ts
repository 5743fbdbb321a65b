import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startPglite } from '../sim/pglite.ts'
import { bootProblems } from '../src/store/boot-check.ts'
import { readMigrations } from '../src/store/migrate.ts'
import { schemaText } from '../src/store/schema-text.ts'

/** The schema that a reviewer reads is the one that the migrations make. `npm run schema` writes it anew. */
test('schema.sql is what the migrations make', async () => {
  const { session, close } = await startPglite(await readMigrations('src/store/migrations'))
  expect(await schemaText(session)).toBe(await readFile('src/store/schema.sql', 'utf8'))
  await close()
})

test('the app role of the real schema cannot escape row-level security', async () => {
  const { session, close } = await startPglite(await readMigrations('src/store/migrations'))
  const problems = await bootProblems(session, { embedded: true, judged: 'app role' })
  expect(problems.filter((one) => one.severity === 'refuse')).toEqual([])
  await close()
})
