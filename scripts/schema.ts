// Writes src/store/schema.sql from the migrations, or says with --check whether it is out of date.
//   npm run schema            after adding a migration; read the difference in review
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startPglite } from '../sim/pglite.ts'
import { readMigrations } from '../src/store/migrate.ts'
import { schemaText } from '../src/store/schema-text.ts'

const store = path.join(import.meta.dirname, '../src/store')
const folder = process.argv.includes('--fixtures') ? path.join(store, 'fixtures') : store
const golden = path.join(folder, 'schema.sql')

const world = await startPglite(await readMigrations(path.join(folder, 'migrations')))
const text = await schemaText(world.session)
await world.close()

if (!process.argv.includes('--check')) {
  await writeFile(golden, text)
  console.log(`${path.relative(process.cwd(), golden)} is written.`)
} else if (text !== (await readFile(golden, 'utf8').catch(() => ''))) {
  console.error(
    `${path.relative(process.cwd(), golden)} is not what the migrations make. Run: npm run schema`,
  )
  process.exitCode = 1
}
