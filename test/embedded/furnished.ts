import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { instant } from '../../src/core/time/instant.ts'
import { openSession } from '../../src/postgres/client.ts'
import { startEmbedded } from '../../src/postgres/cluster.ts'
import { migrate } from '../../src/store/migrate.ts'
import { productMigrations, silent, temporaryFolder } from './servers.ts'

/**
 * Data as the product's own first boot and its migrations leave it, made once on this machine for these sources and
 * laid under every test whose subject is not the first boot itself: a copy takes a tenth of a second, the boot three.
 * Nothing is in it that two houses would share: key, installation and quarters are made by whoever opens it.
 */
const ROOT = path.join(import.meta.dirname, '../..')
const SHELF = path.join(tmpdir(), `wedsync-furnished-${process.getuid?.() ?? 0}`)
const MADE_OF = ['src/postgres', 'src/store']
const PARTS = ['postgres', 'postgres-passwords.json']
const DAY_MS = 86_400_000

export async function layFurnished(data: string): Promise<void> {
  const kept = path.join(SHELF, keyOfSources())
  if (!existsSync(kept)) await make(kept)
  mkdirSync(data, { recursive: true })
  // As the product makes it: passable for the server's user, where that is another.
  chmodSync(data, process.getuid?.() === 0 ? 0o711 : 0o700)
  execFileSync('cp', ['-a', ...PARTS.map((name) => path.join(kept, name)), data])
}

async function make(kept: string): Promise<void> {
  mkdirSync(SHELF, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(SHELF)) {
    const other = path.join(SHELF, name)
    if (Date.now() - statSync(other).mtimeMs > DAY_MS) rmSync(other, { recursive: true, force: true })
  }
  const folder = temporaryFolder()
  const data = path.join(folder, 'data')
  const server = await startEmbedded({ data, log: silent })
  const session = await openSession(server.target('wed_migrate'))
  await migrate(session, await productMigrations(), instant(Date.now()))
  await session.close()
  await server.stop()
  try {
    renameSync(data, kept)
  } catch (error) {
    // Two tests may begin at once; the other was quicker with the same.
    if (!existsSync(kept)) throw error
  }
  rmSync(folder, { recursive: true, force: true })
}

function keyOfSources(): string {
  const digest = createHash('sha256').update(readFileSync(path.join(ROOT, 'package-lock.json')))
  for (const folder of MADE_OF)
    for (const name of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|sql)$/.test(name)) digest.update(name).update(readFileSync(path.join(ROOT, folder, name)))
  return digest.digest('hex').slice(0, 24)
}
