import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  fsyncSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'
import { type Binaries, program, serverEnvironment } from './binaries.ts'
import { draftIn } from './drafts.ts'
import { explainServerFailure } from './server-log.ts'
import { namedUser, type ServerUser } from './server-user.ts'

/**
 * The first boot: a new database directory is made beside its place, brought to disk, and renamed into it. Until
 * the rename nothing is there; after it everything is. A half-written one is swept by the next start. The
 * caller holds the lock of the data.
 */
export const ADMIN = 'wed_admin'
const INITDB_TIMEOUT_MS = 120_000

export type Secrets = {
  readonly admin: string
  readonly migrate: string
  readonly app: string
  readonly backup: string
}

export async function makeDatabase(
  binaries: Binaries,
  place: string,
  directory: string,
  user: ServerUser | null,
  adminPassword: string,
): Promise<void> {
  const draft = draftIn(place)
  mkdirSync(draft, { mode: 0o700 })
  try {
    const data = await fillDraft(binaries, draft, user, adminPassword)
    renameSync(data, directory)
    syncFolder(place)
  } finally {
    // After a failure too: on a full disk the half-made one would be what fills it.
    rmSync(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

async function fillDraft(
  binaries: Binaries,
  draft: string,
  user: ServerUser | null,
  adminPassword: string,
): Promise<string> {
  const data = path.join(draft, 'data')
  const passwordFile = path.join(draft, 'password')
  // initdb asks for the name of its user; the server later runs under a number that has none.
  const maker = user && namedUser()
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 })
  if (maker) for (const file of [passwordFile, draft]) chownSync(file, maker.uid, maker.gid)
  await initdb(binaries, maker, [
    `--pgdata=${data}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own order of characters: the same on every system, so no index breaks when one is upgraded.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ])
  if (user) {
    giveTo(data, user)
    chownSync(draft, user.uid, user.gid)
  }
  await initdb(binaries, user, [`--pgdata=${data}`, '--sync-only'])
  return data
}

async function initdb(binaries: Binaries, as: ServerUser | null, args: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const options = { timeout: INITDB_TIMEOUT_MS, env: serverEnvironment(), cwd: binaries.home, ...as }
    execFile(program(binaries, 'initdb'), args, options, (error, stdout, stderr) => {
      if (!error) resolve()
      else
        reject(
          new Refusal('setup', explainServerFailure(stderr || stdout || error.message), { said: stderr }),
        )
    })
  })
}

function giveTo(folder: string, user: ServerUser): void {
  lchownSync(folder, user.uid, user.gid)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name)
    if (entry.isDirectory()) giveTo(at, user)
    else lchownSync(at, user.uid, user.gid)
  }
}

/** A rename is on disk only when its folder is. Windows brings it there by itself and knows no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The passwords of this database, made once; they are on disk before the database that needs them. */
export function secretsIn(place: string, databaseExists: boolean): Secrets {
  const file = path.join(place, 'postgres-passwords.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, error as Error)
    if (databaseExists) throw unreadable(file, error as Error)
  }
  const word = () => randomBytes(24).toString('base64url')
  const secrets: Secrets = { admin: word(), migrate: word(), app: word(), backup: word() }
  const draft = draftIn(place)
  const fd = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(fd, JSON.stringify(secrets))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(draft, file)
  syncFolder(place)
  return secrets
}

const unreadable = (file: string, cause: Error): Refusal =>
  new Refusal(
    'setup',
    `The passwords of the embedded database cannot be read (${file}: ${cause.message}). Put the file back from a copy, or restore a backup into an empty folder.`,
    { file },
  )
