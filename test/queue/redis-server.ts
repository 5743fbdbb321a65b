import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'

/** Why tests with Redis cannot run here; null when they can. */
export const redisMissing: string | null =
  spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed here'

export type TestRedis = {
  readonly url: string
  command(...words: string[]): Promise<unknown>
  start(): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A Redis of its own on a free port, that can be killed and started again on the same data. */
export async function testRedis(settings: readonly string[] = ['--appendonly', 'yes']): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  let gone: Promise<unknown> = Promise.resolve()

  async function command(...words: string[]): Promise<unknown> {
    const client = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null, lazyConnect: true })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const [name = '', ...rest] = words
      return await client.call(name, ...rest)
    } finally {
      client.disconnect()
    }
  }
  async function start(): Promise<void> {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    child = spawn('redis-server', [...place, '--enable-debug-command', 'yes', ...settings], {
      stdio: 'ignore',
    })
    gone = new Promise((resolve) => child?.once('exit', resolve))
    for (let tries = 0; ; tries += 1) {
      try {
        await command('PING')
        return
      } catch (error) {
        if (tries > 200) throw error
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  async function kill(): Promise<void> {
    child?.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url,
    command,
    start,
    kill,
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(address)))
    })
  })
