// Restores a backup into the database it is told of, and stops in the middle of it for ever, to be killed there.
import { createReadStream, readFileSync } from 'node:fs'
import { instant } from '../../src/core/time/instant.ts'
import type { Bytes } from '../../src/engine/backup-file.ts'
import { restore } from '../../src/engine/restore.ts'
import { openCopySession } from '../../src/postgres/copy.ts'
import { MIGRATIONS } from '../../src/reach.ts'
import { readMigrations } from '../../src/store/migrate.ts'
import { masterKeyFromText } from '../../src/vault/master-key.ts'

const [target = '', key = '', file = ''] = process.argv.slice(2)
let reading = 0

/** The first reading proves the file; the second one never comes to its end. */
async function* source(): Bytes {
  reading += 1
  if (reading === 1) return yield* createReadStream(file)
  const bytes = readFileSync(file)
  yield bytes.subarray(0, bytes.length - 1_000)
  process.stdout.write('in the middle\n')
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

const session = await openCopySession(JSON.parse(target))
await restore(session, source, {
  key: masterKeyFromText(readFileSync(key, 'utf8')),
  now: instant(Date.now()),
  migrations: await readMigrations(MIGRATIONS),
  uuid: () => crypto.randomUUID(),
  stopped: false,
  hold: false,
})
