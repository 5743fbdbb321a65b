import net from 'node:net'
import type { Config } from '../../config.ts'
import { redisWarnings } from '../../queue/redis-warnings.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** What lies outside: Redis and the mail server. Each is asked once, and waited for briefly. */
const PATIENCE_MS = 3_000

export async function redis(config: Config): Promise<Finding[]> {
  if (config.redisUrl === null)
    return [well('redis', 'Not used: the doorbell rings in process and by PostgreSQL.')]
  const warnings = await redisWarnings(config.redisUrl)
  if (warnings.length === 0)
    return [well('redis', 'Answers, and says nothing of throwing rings away or of forgetting them.')]
  return warnings.map(({ is, says, fix }) =>
    is === 'forgets' ? lookAt('redis', says, fix) : mend('redis', says, fix),
  )
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

/** Whether the web server can have its port: free, or held by the very installation that is looked at. */
export async function webPort(config: Config, installation: string | null): Promise<Finding[]> {
  const { host, port, role } = config
  if (role === 'worker' || port === 0) return []
  const taken = await isTaken(host, port)
  if (taken === null) return [well('port', `${port} on ${host} is free.`)]
  if (taken !== 'EADDRINUSE')
    return [mend('port', `${host}:${port} cannot be listened on (${taken}).`, 'Change PORT or HOST.')]
  const holder = await installationAt(host, port)
  if (holder !== null && holder === installation)
    return [well('port', `${port} on ${host} is held by this installation, which runs.`)]
  const whose = holder === null ? 'another program' : `another installation (${holder})`
  return [mend('port', `${port} on ${host} is held by ${whose}.`, 'Stop it, or set PORT to another.')]
}

const isTaken = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })

/** Who answers there, if it is one of ours. */
async function installationAt(host: string, port: number): Promise<string | null> {
  try {
    const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
    const answer = await fetch(`http://${name.includes(':') ? `[${name}]` : name}:${port}/health/ready`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { installation } = (await answer.json()) as { installation?: unknown }
    return typeof installation === 'string' ? installation : null
  } catch {
    return null
  }
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
