import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import type { Target } from '../../src/postgres/client.ts'
import type { HookMood } from './hooks/receiver.ts'
import { type KeptProcess, keepRunning, until } from './kept-process.ts'
import type { Mood } from './provider/mail-server.ts'
import { type Postgres, type Redis, startPostgres, startRedis } from './servers.ts'
import { freePort, openWire, type Wire } from './wire.ts'

/**
 * The town that the storm goes over: PostgreSQL, Redis, a provider with its own book, and the product as it is
 * really started, two web servers and three workers. Between all of them run wires that can be hurt.
 */
export type Town = {
  readonly postgres: Postgres
  readonly redis: Redis | null
  readonly provider: KeptProcess
  /** Somebody who wants to be called by webhook, with a book of its own. */
  readonly hooks: KeptProcess
  readonly apis: readonly KeptProcess[]
  readonly workers: readonly KeptProcess[]
  readonly wires: {
    readonly postgres: Wire
    readonly redis: Wire | null
    readonly provider: Wire
    readonly hooks: Wire
    readonly apis: readonly Wire[]
  }
  /** The database as its owner sees it, past all wires. */
  readonly target: Target
  readonly masterKey: string
  readonly bookFile: string
  readonly hookBookFile: string
  readonly hookUrl: string
  readonly installation: string
  setMood(mood: Mood): void
  setHookMood(mood: HookMood): void
  /** The secret by which the receiver of webhooks knows whom to believe; until then it takes nothing. */
  tellHookSecret(secret: string): void
  /** Waits until both web servers say that they are ready. */
  ready(withinMs: number): Promise<void>
  /** Ends the product first, then what it stands on. */
  stop(): Promise<void>
}

export const SENDER = 'studio@provider.test'
const APIS = 2
const WORKERS = 3
const READY_WITHIN_MS = 60_000
const root = path.join(import.meta.dirname, '../..')
const productFile = path.join(import.meta.dirname, 'product-program.ts')
const hooksFile = path.join(import.meta.dirname, 'hooks/program.ts')
const providerFile = path.join(import.meta.dirname, 'provider/program.ts')

/** What the launcher gives every program: where Node keeps what it has compiled. */
const { NODE_COMPILE_CACHE } = process.env
const asLaunched = NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}

export async function raiseTown(folder: string): Promise<Town> {
  const [postgres, redis] = await Promise.all([startPostgres(folder), startRedis(folder)])
  const mailPort = await freePort()
  const bookFile = path.join(folder, 'book.jsonl')
  const hookPort = await freePort()
  const hookBookFile = path.join(folder, 'hook-book.jsonl')
  const tls = certificateIn(folder)
  const node = (
    name: string,
    args: readonly string[],
    env: { readonly [name: string]: string },
    talks = false,
  ): KeptProcess =>
    keepRunning({
      name,
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', ...args],
      env: { ...asLaunched, ...env },
      cwd: root,
      logFile: path.join(folder, `${name}.log`),
      talks,
    })

  let mood: Mood = null
  const provider = node('provider', [providerFile, String(mailPort), bookFile], {}, true)
  let hookMood: HookMood = null
  let hookSecret: string | null = null
  const hooks = node('hooks', [hooksFile, String(hookPort), hookBookFile, tls.key, tls.cert], {}, true)
  const apiPorts = [] as number[]
  for (let i = 0; i < APIS; i += 1) apiPorts.push(await freePort())
  const wires = {
    postgres: await openWire(postgres.port),
    redis: redis ? await openWire(redis.port) : null,
    provider: await openWire(mailPort),
    hooks: await openWire(hookPort),
    apis: await Promise.all(apiPorts.map((port) => openWire(port))),
  }
  const masterKey = randomBytes(32).toString('base64')
  const { user = '', password = '', database = '' } = postgres.target
  const env = {
    DATABASE_URL: `postgres://${user}:${String(password)}@127.0.0.1:${wires.postgres.port}/${database}`,
    ...(wires.redis ? { REDIS_URL: `redis://127.0.0.1:${wires.redis.port}` } : {}),
    WEDSYNC_KEY: masterKey,
    WEDSYNC_SMTP_URL: `smtp://127.0.0.1:${wires.provider.port}?tls=none`,
    WEDSYNC_FROM: SENDER,
    // The load of a whole town comes by one key.
    WEDSYNC_KEY_REQUESTS: '1000000',
    WEDSYNC_LOG: 'info',
    NODE_EXTRA_CA_CERTS: tls.cert,
    HOST: '127.0.0.1',
  }
  const installation = await firstStart(node, env, apiPorts[0] ?? 0)
  const sending = { ...env, WEDSYNC_SENDING: installation }
  const apis = apiPorts.map((port, i) =>
    node(`api-${i + 1}`, [productFile], { ...sending, WEDSYNC_ROLE: 'api', PORT: String(port) }),
  )
  const workers = Array.from({ length: WORKERS }, (_, i) =>
    node(`worker-${i + 1}`, [productFile], { ...sending, WEDSYNC_ROLE: 'worker' }),
  )
  // A provider that was killed comes back in good spirits and must be told its mood again.
  const tellHooks = (): void => hooks.send({ mood: hookMood, secret: hookSecret })
  const telling = setInterval(() => {
    provider.send({ mood })
    tellHooks()
  }, 250)

  return {
    postgres,
    redis,
    provider,
    hooks,
    apis,
    workers,
    wires,
    masterKey,
    bookFile,
    hookBookFile,
    hookUrl: `https://127.0.0.1:${wires.hooks.port}/storm`,
    installation,
    target: postgres.target,
    setMood(next) {
      mood = next
      provider.send({ mood })
    },
    setHookMood(next) {
      hookMood = next
      tellHooks()
    },
    tellHookSecret(secret) {
      hookSecret = secret
      tellHooks()
    },
    async ready(withinMs) {
      await Promise.all(
        apiPorts.map((port) => until(`the web server on ${port} is ready`, withinMs, () => readiness(port))),
      )
    },
    async stop() {
      await Promise.all([...apis, ...workers].map((one) => one.stop()))
      clearInterval(telling)
      await Promise.all([provider.stop(), hooks.stop(), redis?.process.stop(), postgres.process.stop()])
      await Promise.all(
        [wires.postgres, wires.redis, wires.provider, wires.hooks, ...wires.apis].map((wire) =>
          wire?.close(),
        ),
      )
    },
  }
}

/** A certificate that this machine gives itself, for the two days of a very long storm. */
function certificateIn(folder: string): { key: string; cert: string } {
  const key = path.join(folder, 'hooks.key')
  const cert = path.join(folder, 'hooks.crt')
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  return { key, cert }
}

/** Migrates the empty database and tells which installation this is: only its own id lets it send. */
async function firstStart(
  node: (name: string, args: readonly string[], env: { readonly [name: string]: string }) => KeptProcess,
  env: { readonly [name: string]: string },
  port: number,
): Promise<string> {
  const first = node('first-start', [productFile], {
    ...env,
    WEDSYNC_ROLE: 'api',
    PORT: String(port),
  })
  const { installation } = await until('the first start is ready', READY_WITHIN_MS, () => readiness(port))
  await first.stop()
  return installation
}

async function readiness(port: number): Promise<{ installation: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(3_000) })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { installation: string }
}
