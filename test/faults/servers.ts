import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { prepareBinaries, program, serverEnvironment } from '../../src/postgres/binaries.ts'
import { openSession, type Target } from '../../src/postgres/client.ts'
import { shelfFor } from '../../src/postgres/data-place.ts'
import { ADMIN, makeDatabase, secretsIn } from '../../src/postgres/first-boot.ts'
import { SERVER_CONNECTIONS_MAX, serverSettings } from '../../src/postgres/server-settings.ts'
import { serverUserFor } from '../../src/postgres/server-user.ts'
import { type KeptProcess, keepRunning, until } from './kept-process.ts'
import { freePort } from './wire.ts'

/** The two servers that everything stands on, real and durable, each on a port that stays the same. */
export type Postgres = { readonly process: KeptProcess; readonly port: number; readonly target: Target }
export type Redis = { readonly process: KeptProcess; readonly port: number }

const READY_WITHIN_MS = 60_000

export async function startPostgres(folder: string): Promise<Postgres> {
  const place = path.join(folder, 'postgres')
  mkdirSync(place, { mode: 0o711 })
  const directory = path.join(place, 'data')
  const user = serverUserFor(directory)
  const binaries = await prepareBinaries(user ? shelfFor(import.meta.dirname) : place, user, [])
  const { admin } = secretsIn(place, false)
  await makeDatabase(binaries, place, directory, user, admin)
  const port = await freePort()
  const settings = {
    // fsync, synchronous_commit and full_page_writes are on in the product's own settings.
    ...serverSettings(),
    max_connections: String(SERVER_CONNECTIONS_MAX * 2),
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
  }
  const target: Target = { host: '127.0.0.1', port, database: 'wedsync', user: ADMIN, password: admin }
  const kept = keepRunning({
    name: 'postgres',
    command: program(binaries, 'postgres'),
    args: [
      '-D',
      directory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: serverEnvironment() as Record<string, string>,
    cwd: binaries.home,
    logFile: path.join(folder, 'postgres.log'),
    user,
    stopWith: 'SIGINT',
  })
  const session = await until('PostgreSQL answers', READY_WITHIN_MS, () =>
    openSession({ ...target, database: 'postgres' }),
  )
  await session.exec('create database wedsync')
  await session.close()
  return { process: kept, port, target }
}

/** Null where no redis-server is installed: then the doorbell is the database's sweep alone. */
export async function startRedis(folder: string): Promise<Redis | null> {
  const command = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((one) => path.join(one, 'redis-server'))
    .find((one) => existsSync(one))
  if (command === undefined) return null
  const cwd = path.join(folder, 'redis')
  mkdirSync(cwd)
  const port = await freePort()
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: cwd,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    'enable-debug-command': 'yes',
  }
  const kept = keepRunning({
    name: 'redis',
    command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    env: {},
    cwd,
    logFile: path.join(folder, 'redis.log'),
  })
  return { process: kept, port }
}
