import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { instant } from '../../src/core/time/instant.ts'
import type { Log } from '../../src/ports.ts'
import { asUser, openSession, type Target } from '../../src/postgres/client.ts'
import { startEmbedded } from '../../src/postgres/cluster.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { namedUser } from '../../src/postgres/server-user.ts'
import { migrate, readMigrations } from '../../src/store/migrate.ts'
import { ensureRoles } from '../../src/store/roles.ts'

/** Real servers for tests, each with the fixture migrations. */
export type TestServer = {
  readonly version: string
  target(role: 'wed_admin' | 'wed_migrate' | 'wed_app'): Target
  stop(): Promise<void>
}

/** A database as the product has it, and the line of who may do everything. */
export async function bothLines(server: TestServer) {
  const db = openDb(server.target('wed_app'), { log: silent, connectionsMax: 4 })
  const session = await openSession(server.target('wed_admin'))
  return {
    db,
    session,
    async close(): Promise<void> {
      await db.close()
      await session.close()
    },
  }
}

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export const fixtureMigrations = () =>
  readMigrations(path.join(import.meta.dirname, '../../src/store/fixtures/migrations'))

/** A folder that the server's user may pass through, also when we are root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-test-'))
  chmodSync(folder, 0o711)
  return folder
}

/** The schema of the product itself, for what the fixture's small one cannot show. */
export const productMigrations = () =>
  readMigrations(path.join(import.meta.dirname, '../../src/store/migrations'))

async function furnish(target: TestServer['target'], migrations: Migrations): Promise<void> {
  const session = await openSession(target('wed_migrate'))
  await migrate(session, await migrations(), instant(0))
  await session.close()
}

type Migrations = typeof fixtureMigrations

export async function embeddedServer(migrations: Migrations = fixtureMigrations): Promise<TestServer> {
  const folder = temporaryFolder()
  const server = await startEmbedded({ data: path.join(folder, 'data'), log: silent })
  await furnish(server.target, migrations)
  return {
    version: server.version,
    target: server.target,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const PASSWORDS = { wed_migrate: 'migrate', wed_app: 'app', wed_accounts: 'accounts', wed_backup: 'backup' }

const OLDEST_MAJOR = 15
const EMBEDDED_MAJOR = 18

/** Majors that the product promises, beside the one it brings, and their programs on this machine (Debian's places). */
const others = Array.from({ length: EMBEDDED_MAJOR - OLDEST_MAJOR }, (_, nth) => {
  const major = OLDEST_MAJOR + nth
  const bin = path.join('/usr/lib/postgresql', String(major), 'bin')
  return { major, bin, here: ['initdb', 'postgres'].every((name) => existsSync(path.join(bin, name))) }
})

type Every = {
  readonly servers: readonly (readonly [title: string, start: () => Promise<TestServer>])[]
  /** What is promised and cannot be tried here, as names of tests that are skipped in everybody's sight. */
  readonly notProved: readonly string[]
}

/** Every server there is on this machine: the embedded one, older ones, the given one. */
export function everyServer(migrations: Migrations = fixtureMigrations): Every {
  const given = process.env.WEDSYNC_TEST_DATABASE_URL
  return {
    servers: [
      ['the embedded PostgreSQL', () => embeddedServer(migrations)],
      ...others
        .filter((one) => one.here)
        .map(({ major, bin }) => [`PostgreSQL ${major}`, () => olderServer(bin, migrations)] as const),
      ...(given ? [['the given PostgreSQL', () => givenServer(given, migrations)] as const] : []),
    ],
    notProved: [
      ...others
        .filter((one) => !one.here)
        .map(({ major, bin }) => `PostgreSQL ${major} is NOT PROVED here: not installed (${bin})`),
      ...(given ? [] : ['a PostgreSQL of your own is NOT PROVED here: no WEDSYNC_TEST_DATABASE_URL']),
    ],
  }
}

/** Said in the output of every run, also where nothing failed. */
export function sayProved(what: string, versions: readonly string[], notProved: readonly string[]): void {
  process.stdout.write(`${what} proved on PostgreSQL ${versions.join(', ')}\n`)
  for (const one of notProved) process.stdout.write(`${what}: ${one}\n`)
}

/** The two small tables of the conformance suite, laid into the schema of the product. */
export async function layFixtureTables(server: TestServer): Promise<void> {
  const [floor, ...rest] = await fixtureMigrations()
  if (!floor) throw new Error('the fixture has lost its floor')
  const own = /create schema app;|create function app\.vendors\(\)[\s\S]*?\$\$;/g
  const texts = [floor.text.replace(own, ''), ...rest.map((one) => one.text)]
  const session = await openSession(server.target('wed_migrate'))
  try {
    await session.exec(`begin; set local role wed_owner; ${texts.join('\n')}; commit`)
  } finally {
    await session.close()
  }
}

async function olderServer(bin: string, migrations: Migrations = fixtureMigrations): Promise<TestServer> {
  const folder = temporaryFolder()
  const user = process.getuid?.() === 0 ? namedUser() : null
  if (user) chownSync(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  const options = { cwd: folder, ...user }
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'wed_admin', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...options,
      stdio: 'ignore',
    },
  )
  const child = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off'],
    { ...options, stdio: 'ignore' },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const admin: Target = { host: folder, port: 5432, database: 'postgres', user: 'wed_admin' }
  const target: TestServer['target'] = (role) => (role === 'wed_admin' ? admin : asUser(admin, role, 'any'))
  const session = await untilItAnswers(admin)
  await ensureRoles(session, PASSWORDS)
  const [row] = await session.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  await session.close()
  await furnish(target, migrations)
  return {
    version: row?.version ?? '',
    target,
    async stop() {
      child.kill('SIGINT')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilItAnswers(target: Target) {
  for (let tries = 0; ; tries++) {
    try {
      return await openSession(target)
    } catch (error) {
      if (tries > 200) throw error
      await pause(50)
    }
  }
}

/**
 * A server named by WEDSYNC_TEST_DATABASE_URL, as a user that may create databases and roles: a database of its
 * own is made there and dropped at the end. Never one that holds anything.
 */
async function givenServer(url: string, migrations: Migrations = fixtureMigrations): Promise<TestServer> {
  const outer = await openSession({ connectionString: url })
  const name = `wedsync_test_${process.pid}`
  const [taken] = await outer.query(`select from pg_roles where rolname like 'wed\\_%'`)
  if (taken)
    throw new Error('The server of WEDSYNC_TEST_DATABASE_URL has roles of WedSync already; use another.')
  await outer.exec(`create database ${name}`)
  const inside = new URL(url)
  inside.pathname = `/${name}`
  const admin: Target = { connectionString: inside.href }
  const target: TestServer['target'] = (role) =>
    role === 'wed_admin' ? admin : asUser(admin, role, PASSWORDS[role])
  const session = await openSession(admin)
  await ensureRoles(session, PASSWORDS)
  await session.close()
  await furnish(target, migrations)
  const [row] = await outer.query<{ version: string }>(`select current_setting('server_version') as version`)
  return {
    version: row?.version ?? '',
    target,
    async stop() {
      await outer.exec(`drop database ${name} with (force)`)
      await outer.exec(
        'drop role wed_app, wed_accounts, wed_backup, wed_claim, wed_eraser, wed_remover, wed_migrate, wed_owner',
      )
      await outer.close()
    },
  }
}
