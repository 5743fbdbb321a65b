import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { freePort, startServer } from './server.ts'
import type { AppendFsync, RedisAddress } from './system.ts'

const run = promisify(execFile)

/** Two servers, one for each promise Redis can make about its append-only file. */
export interface RedisPair {
  readonly version: string
  readonly addresses: { readonly [F in AppendFsync]: RedisAddress }
  empty(): Promise<void>
  stop(): Promise<void>
}

/** Starts both, installing the Debian package when it is missing and we may; the reason when it cannot be. */
export async function startRedis(scratch: string, say: (text: string) => void): Promise<RedisPair | string> {
  const version = (await findVersion()) ?? (await install(say))
  if (version === null)
    return 'redis-server is missing and cannot be installed here: apt-get install redis-server'
  const everysec = await startOne(scratch, 'everysec')
  const always = await startOne(scratch, 'always')
  return {
    version,
    addresses: { everysec: everysec.address, always: always.address },
    async empty() {
      for (const { address } of [everysec, always]) {
        await command(address, 'FLUSHALL SYNC')
        // The log of the one before must not be rewritten in the middle of the next one's turn.
        await command(address, 'BGREWRITEAOF')
      }
    },
    async stop() {
      await Promise.all([everysec.server.stop(), always.server.stop()])
    },
  }
}

async function startOne(scratch: string, appendfsync: AppendFsync) {
  const cwd = path.join(scratch, `redis-${appendfsync}`)
  await mkdir(cwd)
  const address = { host: '127.0.0.1', port: await freePort() }
  const settings = {
    port: String(address.port),
    bind: address.host,
    dir: cwd,
    save: '',
    appendonly: 'yes',
    appendfsync,
  }
  const server = await startServer({
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    cwd,
    stopWith: 'SIGTERM',
    ready: () => command(address, 'PING'),
  })
  return { address, server }
}

async function findVersion(): Promise<string | null> {
  try {
    const { stdout } = await run('redis-server', ['--version'])
    return /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown'
  } catch {
    return null
  }
}

async function install(say: (text: string) => void): Promise<string | null> {
  if (process.getuid?.() !== 0) return null
  say('installing redis-server')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['update'], { env })
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], { env })
  } catch (cause) {
    say(`apt-get could not install it: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`)
  }
  return findVersion()
}

/** One inline command; enough to ask whether it is there and to empty it. */
function command(address: RedisAddress, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address.port, address.host, () => socket.write(`${text}\r\n`))
    socket.setEncoding('utf8').setTimeout(10_000, () => socket.destroy(new Error('redis-server is silent')))
    socket.once('error', reject).once('data', (reply: string) => {
      socket.end()
      if (reply.startsWith('+')) resolve(reply)
      else reject(new Error(`redis-server: ${reply.trim()}`))
    })
  })
}
