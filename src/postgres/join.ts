import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../core/refusal.ts'
import { sqlState } from '../store/sql.ts'
import { openSession, type Target } from './client.ts'
import { DATABASE, type EmbeddedPostgres, passwordOf } from './cluster.ts'
import { holderOf } from './data-lock.ts'
import { placeOf } from './data-place.ts'
import { secretsIn } from './first-boot.ts'

/** How long a program that has just begun may take until its database answers. */
const ANSWER_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 200

/**
 * The embedded database of a program that runs already, as a guest: nothing is started, nothing is stopped and
 * nothing is written beside it. Null when nobody holds the data.
 */
export async function joinEmbedded(options: { readonly data: string }): Promise<EmbeddedPostgres | null> {
  const place = placeOf(path.resolve(options.data))
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const holder = holderOf(place)
    if (holder === null) return null
    const address = addressIn(path.join(place, 'postgres'))
    const joined = address && (await tryJoin(place, address))
    if (joined) return joined
    if (waitedMs > ANSWER_WITHIN_MS)
      throw new Refusal(
        'setup',
        `The data in ${place} is held by process ${holder.pid}, but its database does not answer. Look at ${path.join(place, 'postgres.log')}, or stop that program.`,
      )
    await pause(LOOK_EVERY_MS)
  }
}

type Address = { readonly pid: number } & Pick<Target, 'host' | 'port'>

/** Where the running server listens, in its own words (the lines of postmaster.pid). */
function addressIn(directory: string): Address | null {
  try {
    const [pid, , , port, socketFolder] = readFileSync(path.join(directory, 'postmaster.pid'), 'utf8').split(
      '\n',
    )
    if (!Number(pid) || !Number(port)) return null
    return { pid: Number(pid), port: Number(port), host: socketFolder ? socketFolder : '127.0.0.1' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function tryJoin(place: string, { pid, host, port }: Address): Promise<EmbeddedPostgres | null> {
  const secrets = secretsIn(place, true)
  const target: EmbeddedPostgres['target'] = (role) => ({
    host,
    port,
    database: DATABASE,
    user: role,
    password: passwordOf(secrets, role),
  })
  try {
    const session = await openSession(target('wed_app'))
    const [row] = await session.query<{ version: string }>(
      "select current_setting('server_version') as version",
    )
    await session.close()
    return {
      place,
      version: row?.version ?? '',
      notes: [],
      target,
      pid: () => pid,
      stop: async () => undefined,
    }
  } catch (error) {
    if (isNotThereYet(error)) return null
    throw error
  }
}

/** Starting up (57P03), the database not made yet (3D000), roles not yet given their rights, or no socket so far. */
function isNotThereYet(error: unknown): boolean {
  const code = sqlState(error) ?? ''
  return ['57P03', '3D000', '28P01', '28000', '42501', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes(code)
}
