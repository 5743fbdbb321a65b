import type { Server } from 'node:http'
import { serve as listen } from '@hono/node-server'
import { Redis } from 'ioredis'
import type { Accounts } from './accounts/accounts.ts'
import { app } from './api/app.ts'
import { inMemoryLimits, LIMITS, type Limits, sharedLimits } from './api/frame/limits.ts'
import { serveLive } from './api/live/door.ts'
import { tellTeams } from './api/team-letters.ts'
import { webAppOnceBuilt } from './api/web-app.ts'
import type { Config } from './config.ts'
import { Refusal } from './core/refusal.ts'
import type { Engine } from './engine/engine.ts'
import { accountsOf, type House } from './main.ts'
import type { Operate } from './operate.ts'
import type { Log } from './ports.ts'
import { makeOutage } from './queue/outage.ts'

/**
 * The half of a running house that people and programs come in by: accounts, the front, the live lines. It lies by
 * itself because a worker process has none of it, and what is not loaded costs no start.
 */
export type Web = {
  /** On an installation where nobody can sign in yet: the link by which its owner comes in, once. */
  readonly ownerLink: string | null
  /** Nothing new comes in, what is in hand is finished, then the lines are closed. */
  close(): Promise<void>
}

/** What the process tells of itself. */
export type Told = {
  readonly progress: () => { readonly ok: boolean; readonly detail: string } | null
  readonly metrics: () => Promise<string>
  readonly operating: Operate['read']
  readonly perSecond: () => number | null
}

const VERSION = '0.1.0'

export async function openWeb(
  config: Config,
  house: House,
  told: Told,
  built: Promise<string | null>,
): Promise<Web> {
  const { log } = house.engine
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one()
  }
  try {
    const accounts = await accountsOf(house)
    closers.push(() => accounts.close())
    closers.push(sweepLetters(house.engine, accounts, config.url, log))
    const { limits, close: closeLimits } = limitsFor(config, log)
    closers.push(closeLimits)
    closers.push(await listenFor(config, house, accounts, limits, told, built))
    return { ownerLink: (await accounts.anybody()) ? null : await accounts.makeOpening(null), close }
  } catch (error) {
    await close()
    throw error
  }
}

const REDIS_ANSWERS_WITHIN_MS = 250

/** Where there is Redis, the processes count together. */
function limitsFor(config: Config, log: Log): { limits: Limits; close(): Promise<void> } {
  const settings = { ...LIMITS, key: { points: config.keyRequestsPerMinute, seconds: 60 } }
  if (config.redisUrl === null) return { limits: inMemoryLimits(settings), close: async () => undefined }
  const redis = new Redis(config.redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: REDIS_ANSWERS_WITHIN_MS,
  })
  const outage = makeOutage(log, {
    gone: 'limits are counted by each process',
    back: 'limits are counted together again',
  })
  redis.on('error', (error: Error) => outage.failed(error))
  redis.on('ready', () => outage.worked())
  return {
    limits: sharedLimits(redis, settings),
    close: async () => redis.disconnect(),
  }
}

const LETTERS_SWEPT_EVERY_MS = 60_000

/** Each minute whoever works here is told what came to wait, and letters that have not left yet are tried again. */
function sweepLetters(engine: Engine, accounts: Accounts, url: string, log: Log): () => Promise<void> {
  let sweeping = Promise.resolve()
  const sweep = (): void => {
    sweeping = tellTeams(engine, accounts, url)
      .catch((error: Error) => log.warn('what waits was not told by mail', { cause: error.message }))
      .then(() => accounts.letters.sweep())
      .catch((error: Error) => log.warn('letters about accounts wait', { cause: error.message }))
  }
  sweep()
  const timer = setInterval(sweep, LETTERS_SWEPT_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await sweeping
  }
}

async function listenFor(
  config: Config,
  house: House,
  accounts: Accounts,
  limits: Limits,
  told: Told,
  built: Promise<string | null>,
): Promise<() => Promise<void>> {
  const front = app(house.engine, {
    installation: house.installation.installation_id,
    sending: house.sending,
    version: VERSION,
    database: house.embedded ? `Embedded PostgreSQL ${house.embedded.version}` : 'Your own PostgreSQL',
    ...told,
    accounts,
    limits,
    url: config.url,
    signUpOpen: config.signUpOpen,
    proxies: config.proxies,
    channels: house.channels,
    web: webAppOnceBuilt(built),
  })
  const server = await new Promise<Server>((resolve, reject) => {
    const opened = listen({ fetch: front.fetch, port: config.port, hostname: config.host }, () =>
      resolve(opened),
    ) as Server
    opened.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Refusal(
              'setup',
              `Port ${config.port} on ${config.host} is taken. Stop what listens there, or set PORT to another.`,
            )
          : new Refusal(
              'setup',
              `${config.host}:${config.port} cannot be listened on (${error.code ?? error.message}). Change PORT or HOST.`,
            ),
      ),
    )
  })
  const live = serveLive(server, { engine: house.engine, accounts, limits, url: config.url })
  return async () => {
    await live.close()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
  }
}
