import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type OpenSession, openSession, type Target } from '../../src/postgres/client.ts'
import { SOCKET_PORT } from '../../src/postgres/data-place.ts'
import { ADMIN } from '../../src/postgres/first-boot.ts'
import { masterKeyFromFile } from '../../src/vault/master-key.ts'
import type { Dice } from './dice.ts'
import { childrenOf } from './households.ts'
import { brokenInvariants } from './invariants.ts'
import { until } from './kept-process.ts'
import { type Office, openOffice } from './office.ts'
import { freePort } from './wire.ts'

/**
 * The product as most people run it, one program with a database of its own, killed again and again: the program,
 * its database, both at once, and in the middle of its first boot. After each kill it must start cleanly with
 * everything it ever acknowledged; a second program on the same data must be refused.
 */
export type EmbeddedReport = {
  readonly kills: { readonly [of: string]: number }
  readonly cleanStarts: number
  readonly startMeanMs: number
  readonly startMaxMs: number
  readonly secondRefused: number
  readonly acknowledged: number
  readonly violations: readonly string[]
}

export type EmbeddedWish = {
  readonly folder: string
  readonly forMs: number
  readonly dice: Dice
  readonly say: (line: string) => void
}

const root = path.join(import.meta.dirname, '../..')
const READY_WITHIN_MS = 60_000
const FIRST_BOOT_KILLS = 4
const REST_WITHIN_MS = 90_000
const ANSWERED_WITHIN_MS = 20_000
const VICTIMS = ['program', 'database', 'both'] as const

export async function embeddedStorm(wish: EmbeddedWish): Promise<EmbeddedReport> {
  const { dice, say } = wish
  const home = path.join(wish.folder, 'embedded')
  mkdirSync(home, { mode: 0o711 })
  const data = path.join(home, 'data')
  const port = await freePort()
  const endsAt = performance.now() + wish.forMs
  const kills: Record<string, number> = { first_boot: 0 }
  const starts: number[] = []
  const violations: string[] = []
  const acknowledged = new Map<string, string>()
  let secondRefused = 0

  for (let i = 0; i < FIRST_BOOT_KILLS; i += 1) {
    const one = start(home, data, port)
    await pause(dice.between(100, 1_800))
    if (dice.chance(0.5)) for (const child of childrenOf(one.pid ?? 0)) kill(child)
    one.kill('SIGKILL')
    await gone(one)
    kills.first_boot = (kills.first_boot ?? 0) + 1
  }
  say(`${FIRST_BOOT_KILLS} first boots were cut short; now the life of one program`)

  let program = await startReady()
  const target = targetOf(data)
  const office = await openOffice(target, masterKeyFromFile(path.join(home, '.data.wedsync-key'), data).key)
  try {
    // Each victim once, however short the storm; then as the dice fall.
    for (let round = 1; round <= VICTIMS.length || performance.now() < endsAt; round += 1) {
      const writing = write(office, port, `round-${round}`, acknowledged)
      await pause(dice.between(50, 1_500))
      if (round === 1 || dice.chance(0.2)) secondRefused += await refusesSecond(home, data)
      const victim = VICTIMS[round - 1] ?? dice.oneOf(VICTIMS)
      kills[victim] = (kills[victim] ?? 0) + 1
      const database = childrenOf(program.pid ?? 0)
      if (victim !== 'program') for (const child of database) kill(child)
      if (victim === 'database') await until('the database is back', READY_WITHIN_MS, () => ready(port))
      else {
        program.kill('SIGKILL')
        await gone(program)
        program = await startReady()
      }
      writing.stop()
      await writing.done
    }
    await comeToRest(target)
    await judge(target, acknowledged, violations)
  } catch (error) {
    violations.push(`embedded: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await office.close()
    program.kill('SIGTERM')
    await gone(program)
  }
  const clean = starts.length
  return {
    kills,
    cleanStarts: clean,
    startMeanMs: Math.round(starts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, clean)),
    startMaxMs: Math.round(Math.max(0, ...starts)),
    secondRefused,
    acknowledged: acknowledged.size,
    violations,
  }

  async function startReady(): Promise<ChildProcess> {
    const startedAt = performance.now()
    const one = start(home, data, port)
    await until('the embedded product is ready after a kill', READY_WITHIN_MS, () => ready(port, one))
    starts.push(performance.now() - startedAt)
    return one
  }
  async function refusesSecond(of: string, at: string): Promise<number> {
    const second = start(of, at, await freePort())
    const code = await gone(second)
    if (code === 0 || code === null)
      violations.push(`a second program on the same data ended with ${code} instead of being refused`)
    return 1
  }
}

function start(home: string, data: string, port: number): ChildProcess {
  const log = openSync(path.join(home, 'program.log'), 'a')
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    WEDSYNC_DATA: data,
    PORT: String(port),
    // The load of a whole town comes by one key.
    WEDSYNC_KEY_REQUESTS: '1000000',
    WEDSYNC_LOG: 'info',
  }
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(root, 'src/cli/main.ts'), 'start'],
    { cwd: home, env, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const last = (): void => void child.kill('SIGKILL')
  process.once('exit', last)
  child.once('exit', () => process.off('exit', last))
  return child
}

const gone = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', (code) => resolve(code)))

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

async function ready(port: number, program?: ChildProcess): Promise<void> {
  if (program && program.exitCode !== null) throw new Error(`it ended with ${program.exitCode}`)
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) })
  if (answer.status !== 200) throw new Error(await answer.text())
}

/** The database as its owner reaches it, by the socket beside its data. */
function targetOf(data: string): Target {
  const { admin } = JSON.parse(readFileSync(path.join(data, 'postgres-passwords.json'), 'utf8')) as {
    admin: string
  }
  return {
    host: path.join(data, 'run'),
    port: SOCKET_PORT,
    database: 'wedsync',
    user: ADMIN,
    password: admin,
  }
}

/**
 * Adds a couple and tells of events until it is stopped; what was answered with 202 is written down. It does not
 * end before the couple's form is in, so that no run has to wait for its timeout.
 */
function write(
  office: Office,
  port: number,
  round: string,
  acknowledged: Map<string, string>,
): { stop(): void; done: Promise<void> } {
  let running = true
  let giveUpAt = Number.POSITIVE_INFINITY
  let client: string | null = null

  async function tell(key: string, type: string): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${office.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type, key, client, data: { form: 'questions' } }),
      signal: AbortSignal.timeout(2_000),
    })
    if (answer.status === 202) acknowledged.set(key, ((await answer.json()) as { event: string }).event)
  }

  async function run(): Promise<void> {
    const inquiry = `${round}-inquiry`
    let forms = 0
    let told = 0
    while (running || (told === 0 && performance.now() < giveUpAt)) {
      try {
        client ??= (await office.addCouple(round, false, 1_000, 2_000)).client
        if (!acknowledged.has(inquiry)) await tell(inquiry, 'inquiry_received')
        else {
          forms += 1
          await tell(`${round}-form-${forms}`, 'form_submitted')
          told += acknowledged.has(`${round}-form-${forms}`) ? 1 : 0
        }
      } catch {
        // Killed in the middle of it: nothing was promised.
      }
      await pause(20)
    }
  }
  const done = run()
  return {
    stop() {
      running = false
      giveUpAt = performance.now() + ANSWERED_WITHIN_MS
    },
    done,
  }
}

async function withSession<T>(target: Target, work: (session: OpenSession) => Promise<T>): Promise<T> {
  const session = await openSession(target)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

const comeToRest = (target: Target): Promise<void> =>
  until('the embedded product comes to rest', REST_WITHIN_MS, () =>
    withSession(target, async (session) => {
      const [row] = await session.query<{ busy: number }>(
        `select ((select count(*) from app.run where due_at is not null) + (select count(*) from app.effect where due_at is not null) + (select count(*) from app.run_inbox))::int as busy`,
      )
      if (row?.busy !== 0) throw new Error(`${row?.busy} things are still to be done`)
    }),
  )

async function judge(
  target: Target,
  acknowledged: ReadonlyMap<string, string>,
  violations: string[],
): Promise<void> {
  await withSession(target, async (session) => {
    const rows = await session.query<{ key: string; event: string }>(
      `select key, event_id::text as event from app.event where source = 'api'`,
    )
    const kept = new Map(rows.map((row) => [row.key, row.event]))
    for (const [key, event] of acknowledged)
      if (kept.get(key) !== event)
        violations.push(`embedded: event ${key} was acknowledged and is ${kept.get(key) ?? 'gone'}`)
    const uncaptured = await session.query<{ what: string }>(
      `select e.effect_id::text as what from app.effect e where e.state = 'accepted' and not exists (select from app.captured_message c where c.vendor_id = e.vendor_id and c.effect_id = e.effect_id)`,
    )
    for (const { what } of uncaptured)
      violations.push(`embedded: ${what} is called accepted and is not in the mailbox`)
    violations.push(...(await brokenInvariants(session)).map((one) => `embedded: ${one}`))
  })
}
