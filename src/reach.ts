import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { Refusal } from './core/refusal.ts'
import { instant } from './core/time/instant.ts'
import type { Log } from './ports.ts'
import { asUser, openSession, type Target } from './postgres/client.ts'
import { type EmbeddedPostgres, startEmbedded } from './postgres/cluster.ts'
import { placeOf } from './postgres/data-place.ts'
import { joinEmbedded } from './postgres/join.ts'
import { tellKept } from './queue/log-keeper.ts'
import { derived, keyThatIsThere, masterKey } from './secrets.ts'
import { type BootProblem, bootProblems } from './store/boot-check.ts'
import { migrate, pendingMigrations, readMigrations } from './store/migrate.ts'
import { keepPartitions } from './store/partitions.ts'
import { ensureRoles, type LoginRole, type Passwords, setPasswords } from './store/roles.ts'
import { otherSealIn } from './store/seals.ts'
import { type Session, sqlState } from './store/sql.ts'
import type { MasterKey } from './vault/master-key.ts'

/** The way to a database: starts or reaches it, brings it up to date, and refuses one that cannot keep vendors apart. */
export const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url))
const LOOK_AGAIN_MS = 250
/** How long a program that has just begun may take to bring its database up to date. */
const MIGRATED_WITHIN_MS = 10_000

/** A database that answers, before anything in it was looked at. */
export type Reached = {
  readonly key: MasterKey
  readonly embedded: EmbeddedPostgres | null
  /** The embedded server is another program's; it was neither started by us nor will it be stopped. */
  readonly joined: boolean
  readonly notes: string[]
  target(role: LoginRole): Target
  close(): Promise<void>
}

/** The embedded server, or the one that DATABASE_URL names; neither with a key that does not open what lies there. */
export async function reach(
  config: Config,
  log: Log,
  options: { readonly join?: boolean } = {},
): Promise<Reached> {
  return config.databaseUrl === null
    ? reachEmbedded(config, log, options.join === true)
    : reachOwn(config, { connectionString: config.databaseUrl })
}

async function reachEmbedded(config: Config, log: Log, join: boolean): Promise<Reached> {
  const notes: string[] = []
  // Where nothing lies yet the key is first: it never comes later than what it seals.
  if (!existsSync(path.join(placeOf(config.data), 'postgres'))) masterKey(config, notes)
  const guest = join ? await joinEmbedded({ data: config.data }) : null
  const embedded = guest ?? (await startEmbedded({ data: config.data, log }))
  try {
    const session = await openSession(embedded.target('wed_app'))
    const key = await rightKey(config, session, notes, guest === null).finally(() => session.close())
    notes.push(...embedded.notes)
    return {
      key,
      embedded,
      joined: guest !== null,
      notes,
      target: (role) => embedded.target(role),
      close: () => embedded.stop(),
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

/** The key is asked about first: the passwords of the roles follow from it, and a wrong one would lock others out. */
async function reachOwn(config: Config, given: Target): Promise<Reached> {
  const notes: string[] = []
  const session = await openSession(given).catch(refuseSilent)
  try {
    const key = await rightKey(config, session, notes, true)
    const passwords: NonNullable<Passwords> = {
      wed_migrate: passwordFor(key, 'wed_migrate'),
      wed_app: passwordFor(key, 'wed_app'),
      wed_accounts: passwordFor(key, 'wed_accounts'),
      wed_backup: passwordFor(key, 'wed_backup'),
    }
    await ensureRoles(session, passwords)
    if (!(await opens(asUser(given, 'wed_app', passwords.wed_app)))) await setPasswords(session, passwords)
    return {
      key,
      embedded: null,
      joined: false,
      notes,
      target: (role) => asUser(given, role, passwords[role]),
      close: async () => undefined,
    }
  } finally {
    await session.close()
  }
}

function refuseSilent(error: unknown): never {
  const cause = error instanceof Error ? error.message : String(error)
  const fix = 'Check DATABASE_URL, and whether that server runs and lets this machine in.'
  throw new Refusal('setup', `The database at DATABASE_URL cannot be reached: ${cause}. ${fix}`, {
    about: 'reach',
    cause,
    fix,
  })
}

/** The key at hand, if what is sealed here was sealed by it; a new one only where nothing is sealed. */
async function rightKey(
  config: Config,
  session: Session,
  notes: string[],
  mayMake: boolean,
): Promise<MasterKey> {
  const there = keyThatIsThere(config)
  const other = await otherSealIn(session, there?.id ?? '')
  if (there && other.is !== 'found') return there
  if (there === null && other.is === 'none' && mayMake) return masterKey(config, notes)
  const sealedBy = other.is === 'found' ? ` by key ${other.keyId}` : ''
  throw new Refusal(
    'setup',
    `${missingOrWrong(config, there)} The names, addresses and texts here are sealed${sealedBy}. ${BRING_BACK}`,
    {
      about: 'key',
    },
  )
}

const missingOrWrong = (config: Config, there: MasterKey | null): string => {
  if ('text' in config.key)
    return `The key in WEDSYNC_KEY is not the one for this data (it is key ${there?.id}).`
  if (there === null) return `The key file ${config.key.file} is not there, and no WEDSYNC_KEY is set.`
  return `The key in ${config.key.file} is not the one for this data (it is key ${there.id}).`
}
const BRING_BACK =
  'Nothing was changed and no new key was made. Put it back from the copy that is kept apart from the data (the key file, or its line as WEDSYNC_KEY); without it neither the data nor any backup can be read.'

async function opens(target: Target): Promise<boolean> {
  try {
    await (await openSession(target)).close()
    return true
  } catch (error) {
    if (sqlState(error) === '28P01' || sqlState(error) === '28000') return false
    throw error
  }
}

const passwordFor = (key: MasterKey, role: LoginRole): string =>
  derived(key, `role ${role}`).toString('base64url')

/** A guest changes nothing under the feet of the program that runs; one that is just starting is waited for. */
export async function refusePending(target: (role: LoginRole) => Target): Promise<void> {
  const session = await openSession(target('wed_app'))
  try {
    const migrations = await readMigrations(MIGRATIONS)
    for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
      const pending = await pendingMigrations(session, migrations)
      if (pending.length === 0) return
      if (waitedMs >= MIGRATED_WITHIN_MS)
        throw new Refusal(
          'setup',
          `The program that runs on this data is older than this command: ${pending.join(', ')} has not run. Stop it, and start this version.`,
        )
      await pause(LOOK_AGAIN_MS)
    }
  } finally {
    await session.close()
  }
}

/** Migrations (those it ran are the answer), the logs' quarters ahead, then whether row-level security can be escaped. */
export async function prepareDatabase(
  target: (role: LoginRole) => Target,
  embedded: boolean,
  logKeepDays: number,
  log: Log,
): Promise<readonly string[]> {
  const session = await openSession(target('wed_migrate'))
  let ran: readonly string[]
  try {
    const [row] = await session.query<{ ms: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    )
    const now = instant(Math.floor(row?.ms ?? 0))
    ran = await migrate(session, await readMigrations(MIGRATIONS), now)
    if (ran.length > 0) log.info('the database was brought up to date', { migrations: ran })
    try {
      tellKept(log, await keepPartitions(session, now, logKeepDays))
    } catch (error) {
      // No reason not to start: rows without a quarter lie in the default partition until it can be made.
      log.warn('the logs could not be put in order; it is tried again', { error: String(error) })
    }
  } finally {
    await session.close()
  }
  const app = await openSession(target('wed_app'))
  try {
    const problems = await bootProblems(app, { embedded, judged: 'who logged in' })
    for (const one of problems.filter((problem) => problem.severity === 'warn')) log.warn(one.sentence)
    refuseUnsafe(problems)
    return ran
  } finally {
    await app.close()
  }
}

function refuseUnsafe(problems: readonly BootProblem[]): void {
  const refusing = problems.filter((one) => one.severity === 'refuse')
  if (refusing.length === 0) return
  throw new Refusal(
    'setup',
    `This database cannot keep vendors apart, so nothing is served:\n${refusing.map((one) => `  ${one.sentence}`).join('\n')}`,
  )
}
