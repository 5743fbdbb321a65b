import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { exists, startOf } from '../../src/postgres/process-identity.ts'
import { mayEnter, namedUser, type ServerUser } from '../../src/postgres/server-user.ts'
import { temporaryFolder } from './servers.ts'

/** Real processes, really killed. What was acknowledged must be there after the next start, every time. */
type Said = Record<string, unknown> & {
  readonly ready?: number
  readonly rows?: number[]
  readonly notes?: string[]
}

type Program = {
  readonly child: ChildProcess
  readonly pid: number
  /** The next thing it says that has this word; fails when it ends before. */
  hear(word: string): Promise<Said>
  tell(words: string): void
  readonly gone: Promise<number | null>
}

const programFile = path.join(import.meta.dirname, 'program.ts')
const running = new Set<ChildProcess>()
const serverPids = new Set<number>()
const folders: string[] = []

function start(data: string, user: ServerUser | null): Program {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', programFile, data], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  })
  running.add(child)
  const said: Said[] = []
  let wake = Promise.withResolvers<void>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const words = JSON.parse(line) as Said
    if (typeof words.ready === 'number') serverPids.add(words.ready)
    said.push(words)
    wake.resolve()
  })
  const gone = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child)
      wake.resolve()
      resolve(code)
    }),
  )
  return {
    child,
    pid: child.pid ?? 0,
    gone,
    tell: (words) => void child.stdin?.write(`${words}\n`),
    async hear(word) {
      for (;;) {
        const at = said.findIndex((one) => word in one)
        if (at >= 0) return said.splice(0, at + 1)[at]!
        if (!running.has(child)) throw new Error(`It ended without saying "${word}": ${JSON.stringify(said)}`)
        wake = Promise.withResolvers<void>()
        await wake.promise
      }
    },
  }
}

function folderFor(user: ServerUser | null): string {
  const folder = temporaryFolder()
  if (user) chownSync(folder, user.uid, user.gid)
  folders.push(folder)
  return path.join(folder, 'data')
}

async function ready(program: Program): Promise<Said & { ready: number; notes: string[] }> {
  return (await program.hear('ready')) as Said & { ready: number; notes: string[] }
}

async function stop(program: Program): Promise<void> {
  program.tell('stop')
  await program.hear('stopped')
  expect(await program.gone).toBe(0)
}

async function rowsOf(program: Program): Promise<number[]> {
  program.tell('sum')
  return (await program.hear('rows')).rows ?? []
}

async function add(program: Program, n: number): Promise<void> {
  program.tell(`add ${n}`)
  await program.hear('added')
}

const kill = (pid: number) => process.kill(pid, 'SIGKILL')

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  for (const pid of serverPids) if (exists(pid)) kill(pid)
  serverPids.clear()
  await pause(50)
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

const root = process.getuid?.() === 0
const ordinary = root ? namedUser() : null
const users: (readonly [who: string, user: ServerUser | null])[] = [
  [root ? 'as root' : 'as an ordinary user', null],
  // A checkout that others may not enter can be tried as ourselves only.
  ...(ordinary && mayEnter(import.meta.dirname, ordinary)
    ? [['as an ordinary user', ordinary] as const]
    : []),
]

// Bounded for a busy machine; on an idle one all of this takes half a minute.
describe.for(users)('an embedded database %s', { timeout: 90_000 }, ([, user]) => {
  test('survives the kill of the program, of the server and of both; nothing acknowledged is lost', async () => {
    const data = folderFor(user)
    const first = start(data, user)
    const { ready: orphan } = await ready(first)
    await add(first, 1)
    kill(first.pid)
    await first.gone
    expect(startOf(orphan)).not.toBeNull()

    const second = start(data, user)
    const found = await ready(second)
    expect(found.notes).toEqual([
      `A database server left by a program that was killed (process ${orphan}) was stopped.`,
    ])
    expect(startOf(orphan)).toBeNull()
    await add(second, 2)

    kill(found.ready)
    expect(await second.hear('log')).toMatchObject({
      log: 'The embedded database ended unexpectedly and is started again.',
      cause: 'SIGKILL',
    })
    expect(await second.hear('log')).toEqual({ log: 'The embedded database runs again.' })
    await add(second, 3)
    second.tell('sum')
    const again = await second.hear('rows')
    expect(again).toMatchObject({ rows: [1, 2, 3] })
    expect(again.pid).not.toBe(found.ready)
    serverPids.add(again.pid as number)

    kill(second.pid)
    kill(again.pid as number)
    await second.gone
    const third = start(data, user)
    expect((await ready(third)).notes).toEqual([])
    expect(await rowsOf(third)).toEqual([1, 2, 3])
    await stop(third)
  })

  test('a first boot that is killed anywhere never blocks a later one', async () => {
    const data = folderFor(user)
    for (const afterMs of [150, 400, 800, 1_200]) {
      const program = start(data, user)
      await Promise.race([pause(afterMs), program.gone])
      program.child.kill('SIGKILL')
      await program.gone
    }
    const last = start(data, user)
    await ready(last)
    await add(last, 1)
    expect(await rowsOf(last)).toEqual([1])
    await stop(last)
    expect(readdirSync(data).filter((name) => name.includes('new'))).toEqual([])
  })

  test('a second program on the same data is refused with the number of the first, which goes on', async () => {
    const data = folderFor(user)
    const first = start(data, user)
    await ready(first)
    const others = [start(data, user), start(data, user)]
    for (const other of others) {
      expect((await other.hear('refused')).refused).toContain(`is in use by process ${first.pid}.`)
      expect(await other.gone).toBe(78)
    }
    await add(first, 1)
    expect(await rowsOf(first)).toEqual([1])
    await stop(first)
  })
})

test('told to stop while its server is being started again, a program ends and leaves none behind', async () => {
  const data = folderFor(null)
  const first = start(data, null)
  const { ready: server } = await ready(first)
  await add(first, 1)
  kill(server)
  await first.hear('log')
  await stop(first)
  const second = start(data, null)
  expect((await ready(second)).notes).toEqual([])
  expect(await rowsOf(second)).toEqual([1])
  await stop(second)
})

test('data of another major is refused with the way out, and left alone', async () => {
  const data = folderFor(null)
  mkdirSync(path.join(data, 'postgres'), { recursive: true, mode: 0o711 })
  chmodSync(data, 0o711)
  writeFileSync(path.join(data, 'postgres', 'PG_VERSION'), '17\n')
  writeFileSync(path.join(data, 'postgres-passwords.json'), '{}')
  const program = start(data, null)
  expect((await program.hear('refused')).refused).toMatch(/written by PostgreSQL 17.*"wedsync backup" there/)
  expect(readFileSync(path.join(data, 'postgres', 'PG_VERSION'), 'utf8')).toBe('17\n')
})

if (root)
  test('as root in a folder nobody else may enter, the data goes elsewhere and the start says where', async () => {
    const data = folderFor(null)
    mkdirSync(data)
    chmodSync(path.dirname(data), 0o700)
    const program = start(data, null)
    const { place, notes } = await ready(program)
    try {
      expect(place).toMatch(/^\/var\/lib\/wedsync\/[0-9a-f]{12}$/)
      expect(notes).toEqual([expect.stringContaining(`The database of ${data} lies in ${place}`)])
      expect(readFileSync(path.join(data, 'WHERE-IS-THE-DATABASE.txt'), 'utf8')).toContain(String(place))
      await add(program, 1)
      await stop(program)
      expect(existsSync(path.join(String(place), 'postgres', 'PG_VERSION'))).toBe(true)
    } finally {
      rmSync(String(place), { recursive: true, force: true })
    }
  })
