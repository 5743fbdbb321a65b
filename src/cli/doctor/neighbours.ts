import net from 'node:net'
import { Redis } from 'ioredis'
import type { Config } from '../../config.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** What lies outside: Redis and the mail server. Each is asked once, and waited for briefly. */
const PATIENCE_MS = 3_000

export async function redis(config: Config): Promise<Finding[]> {
  if (config.redisUrl === null)
    return [well('redis', 'Not used: the doorbell rings in process and by PostgreSQL.')]
  const client = new Redis(config.redisUrl, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let cause: Error | null = null
  client.on('error', (error: Error) => {
    cause = error
  })
  try {
    await client.connect()
    const [policy, aof] = await Promise.all([
      setting(client, 'maxmemory-policy'),
      setting(client, 'appendonly'),
    ])
    return [
      well('redis', 'Answers.'),
      policy === 'noeviction'
        ? well('redis', 'Never throws keys away (noeviction).')
        : policy === null
          ? lookAt('redis', 'Does not tell its memory policy.', 'Make sure that it is noeviction.')
          : mend(
              'redis',
              `May throw rings away (maxmemory-policy ${policy}).`,
              'CONFIG SET maxmemory-policy noeviction',
            ),
      aof === 'yes'
        ? well('redis', 'Keeps its data on disk (AOF).')
        : lookAt(
            'redis',
            'Keeps nothing on disk: rings are lost with it, which costs up to two seconds and no work.',
            'CONFIG SET appendonly yes',
          ),
    ]
  } catch (error) {
    return [
      mend(
        'redis',
        `Does not answer: ${(cause ?? (error as Error)).message}`,
        'Start it, or take REDIS_URL away: without it the doorbell rings by PostgreSQL.',
      ),
    ]
  } finally {
    client.disconnect()
  }
}

/** Hosted servers often forbid CONFIG: then nobody knows. */
async function setting(client: Redis, name: string): Promise<string | null> {
  try {
    const answer = (await client.config('GET', name)) as string[]
    return answer[1] ?? null
  } catch {
    return null
  }
}

export async function mailServer(config: Config): Promise<Finding[]> {
  if (config.smtp === null)
    return [
      lookAt(
        'mail',
        'No mail server is set: letters go to the captured mailbox.',
        'WEDSYNC_SMTP_URL and WEDSYNC_FROM, when couples shall be written to.',
      ),
    ]
  const url = new URL(config.smtp.url)
  const port = Number(url.port || (url.protocol === 'smtps:' ? 465 : 587))
  const trouble = await reaches(url.hostname, port)
  if (trouble === null)
    return [well('mail', `${url.hostname}:${port} answers; letters come from ${config.smtp.from}.`)]
  return [
    mend(
      'mail',
      `${url.hostname}:${port} does not answer: ${trouble}`,
      'Check WEDSYNC_SMTP_URL, and whether this machine may reach that port.',
    ),
  ]
}

const reaches = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: PATIENCE_MS })
    const end = (answer: string | null): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(null))
    socket.once('error', (error) => end(error.message))
    socket.once('timeout', () => end(`no answer within ${PATIENCE_MS / 1_000} s`))
  })
