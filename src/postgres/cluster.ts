import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../core/refusal.ts'
import type { Log } from '../ports.ts'
import { ensureRoles, type LoginRole, setPasswords } from '../store/roles.ts'
import { sqlState } from '../store/sql.ts'
import { type Binaries, prepareBinaries } from './binaries.ts'
import { openSession, type Target } from './client.ts'
import { type DataLock, lockData } from './data-lock.ts'
import { choosePlace, SOCKET_PORT, shelfFor, whereToListen } from './data-place.ts'
import { sweepDrafts } from './drafts.ts'
import { ADMIN, makeDatabase, type Secrets, secretsIn } from './first-boot.ts'
import { type Server, type ServerPlace, startServer, stopOrphan } from './server.ts'
import { explainServerFailure, rotateServerLog } from './server-log.ts'
import { serverUserFor } from './server-user.ts'

/**
 * The embedded database: a real PostgreSQL on data of its own, that the program starts, watches and stops. It
 * owns the place of the data, its lock and its server; tables and migrations are others' affair.
 *
 * A kill of the program leaves an orphan that the next start stops; a kill of the server is noticed and it is
 * started again; a first boot that was cut off leaves only a draft that the next one sweeps.
 */
export type EmbeddedPostgres = {
  readonly place: string
  readonly version: string
  /** What a person should be told: where the data went and why, what was found and cleaned up. */
  readonly notes: readonly string[]
  target(role: LoginRole | 'wed_admin'): Target
  /** The server's process, null while it is being started again. */
  pid(): number | null
  /** Ends the sessions, writes everything out, gives the data free. */
  stop(): Promise<void>
}

export const DATABASE = 'wedsync'
const RESTART_FIRST_MS = 100
const RESTART_MAX_MS = 10_000
/** A server that lived this long was well: the next restart is quick again. */
const WELL_AFTER_MS = 60_000
const ROTATE_EVERY_MS = 60_000

export async function startEmbedded(options: {
  readonly data: string
  readonly log: Log
}): Promise<EmbeddedPostgres> {
  const notes: string[] = []
  try {
    const place = choosePlace(path.resolve(options.data), notes)
    const lock = await lockData(place)
    try {
      return await startLocked(place, lock, options.log, notes)
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    throw inWords(error)
  }
}

/** Troubles of the file system say what to do, like those the server itself meets. */
function inWords(error: unknown): unknown {
  const { code, path: file } = error as NodeJS.ErrnoException
  const known: Partial<Record<string, string>> = {
    ENOSPC: 'No space left on device',
    EACCES: 'Permission denied',
    EPERM: 'Permission denied',
    EROFS: 'Read-only file system',
  }
  const said = error instanceof Refusal ? undefined : known[code ?? '']
  return said === undefined ? error : new Refusal('setup', explainServerFailure(said), { file, code })
}

async function startLocked(
  place: string,
  lock: DataLock,
  log: Log,
  notes: string[],
): Promise<EmbeddedPostgres> {
  const directory = path.join(place, 'postgres')
  const user = serverUserFor(directory)
  sweepDrafts(place)
  const binaries = await prepareBinaries(user ? shelfFor(import.meta.dirname) : place, user, notes)
  const secrets = secretsIn(place, existsSync(directory))
  if (existsSync(directory)) refuseOtherMajor(directory, binaries)
  else await makeDatabase(binaries, place, directory, user, secrets.admin)

  const orphan = await stopOrphan(directory)
  if (orphan !== null)
    notes.push(`A database server left by a program that was killed (process ${orphan}) was stopped.`)
  const at = await whereToListen(place, user)
  const serverPlace: ServerPlace = {
    binaries,
    directory,
    logFile: path.join(place, 'postgres.log'),
    user,
    at,
  }
  rotateServerLog(serverPlace.logFile)
  const server = await startServer(serverPlace)
  const target = (role: LoginRole | 'wed_admin', database = DATABASE): Target => ({
    ...('port' in at ? { host: '127.0.0.1', port: at.port } : { host: at.socketFolder, port: SOCKET_PORT }),
    database,
    user: role,
    password: passwordOf(secrets, role),
  })
  try {
    await furnish(target, secrets)
  } catch (error) {
    await server.stop()
    throw error
  }
  const watch = supervise(serverPlace, server, log)
  return {
    place,
    version: binaries.version,
    notes,
    target: (role) => target(role),
    pid: watch.pid,
    async stop() {
      await watch.stop()
      // A draft that an orphaned initdb still wrote to when we began can go now.
      sweepDrafts(place)
      lock.release()
    },
  }
}

/**
 * Keeps a server running. It is started again whenever it is found gone, at first at once and then less and less
 * often, without end: a full disk may be emptied while we wait.
 */
function supervise(place: ServerPlace, first: Server, log: Log) {
  const stopping = new AbortController()
  let living: Server | null = first
  const rotating = setInterval(() => {
    try {
      rotateServerLog(place.logFile)
    } catch (error) {
      log.warn("The database's log was not rotated.", { cause: (error as Error).message })
    }
  }, ROTATE_EVERY_MS)
  rotating.unref()

  let delayMs = RESTART_FIRST_MS
  const patience = async () => {
    await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    delayMs = Math.min(delayMs * 2, RESTART_MAX_MS)
  }

  async function restart(): Promise<Server | null> {
    for (await patience(); !stopping.signal.aborted; await patience()) {
      try {
        const server = await startServer(place)
        if (!stopping.signal.aborted) return server
        // We were told to stop while it started.
        await server.stop()
      } catch (error) {
        log.error('The embedded database does not start again yet.', { cause: (error as Error).message })
      }
    }
    return null
  }

  async function watch(): Promise<void> {
    while (living !== null) {
      const startedAt = performance.now()
      const cause = await living.gone
      if (stopping.signal.aborted) return
      living = null
      log.error('The embedded database ended unexpectedly and is started again.', { cause })
      if (performance.now() - startedAt > WELL_AFTER_MS) delayMs = RESTART_FIRST_MS
      living = await restart()
      if (living) log.info('The embedded database runs again.', { pid: living.pid })
    }
  }

  const watching = watch()
  return {
    pid: () => living?.pid ?? null,
    async stop() {
      stopping.abort()
      clearInterval(rotating)
      await living?.stop()
      await watching
    },
  }
}

/** The database itself and its roles; quick when they are there. */
async function furnish(
  target: (role: 'wed_admin' | LoginRole, database?: string) => Target,
  secrets: Secrets,
): Promise<void> {
  const outer = await openSession(target(ADMIN, 'postgres'))
  try {
    const [there] = await outer.query('select from pg_database where datname = $1', [DATABASE])
    if (there === undefined) {
      await outer.exec(`create database ${DATABASE}`)
      await outer.exec(`revoke all on database ${DATABASE} from public`)
    }
  } finally {
    await outer.close()
  }
  const passwords = {
    wed_migrate: secrets.migrate,
    wed_app: secrets.app,
    wed_accounts: passwordOf(secrets, 'wed_accounts'),
    wed_backup: secrets.backup,
  }
  const inner = await openSession(target(ADMIN))
  try {
    await ensureRoles(inner, passwords)
    if (!(await knows(target('wed_app')))) await setPasswords(inner, passwords)
  } finally {
    await inner.close()
  }
}

async function knows(target: Target): Promise<boolean> {
  try {
    await (await openSession(target)).close()
    return true
  } catch (error) {
    if (sqlState(error) === '28P01') return false
    throw error
  }
}

export const passwordOf = (secrets: Secrets, role: LoginRole | 'wed_admin'): string =>
  ({
    wed_admin: secrets.admin,
    wed_migrate: secrets.migrate,
    wed_app: secrets.app,
    // Derived, so that a file of passwords that was made before this role is whole.
    wed_accounts: createHmac('sha256', secrets.admin).update('wed_accounts').digest('base64url'),
    wed_backup: secrets.backup,
  })[role]

function refuseOtherMajor(directory: string, binaries: Binaries): void {
  const wrote = readFileSync(path.join(directory, 'PG_VERSION'), 'utf8').trim()
  if (wrote === String(binaries.major)) return
  throw new Refusal(
    'setup',
    `The data in ${directory} was written by PostgreSQL ${wrote}; this version brings ${binaries.major}. Start the version that wrote it, run "wedsync backup" there, and "wedsync restore" here into an empty folder.`,
    { wrote, brought: binaries.major },
  )
}
