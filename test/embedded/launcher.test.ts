import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOf } from '../../src/postgres/process-identity.ts'

/** The launcher beside a program of the test's own, which takes half a second to drain. */
const PROGRAM = `
import { whenToldToStop } from './told-to-stop.ts'
const say = (words: object) => process.stdout.write(JSON.stringify(words) + '\\n')
const [task] = process.argv.slice(2)
if (task === 'exit') process.exit(Number(process.argv[3]))
if (task === 'die') process.kill(process.pid, 'SIGKILL')
setInterval(() => undefined, 1000)
process.stdout.on('error', () => undefined)
whenToldToStop(async (why) => {
  say({ why })
  await new Promise((resolve) => setTimeout(resolve, task === 'slow' ? 60000 : 400))
})
say({ pid: process.pid, args: process.argv.slice(2) })
`

const repository = path.join(import.meta.dirname, '../..')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wedsync-launcher-'))
  mkdirSync(path.join(folder, 'src/cli'), { recursive: true })
  cpSync(path.join(repository, 'bin'), path.join(folder, 'bin'), { recursive: true })
  cpSync(path.join(repository, 'src/cli/told-to-stop.ts'), path.join(folder, 'src/cli/told-to-stop.ts'))
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(path.join(folder, 'src/cli/main.ts'), PROGRAM)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Launched = {
  readonly launcher: ChildProcess
  readonly lines: Record<string, unknown>[]
  readonly gone: Promise<number | string | null>
}

function launch(args: string[], under?: string[]): Launched {
  const command = [process.execPath, path.join(folder, 'bin/wedsync.js'), ...args]
  const [file = '', ...rest] = [...(under ?? []), ...command]
  const launcher = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(under ? { npm_lifecycle_event: 'start' } : {}) },
  })
  const lines: Record<string, unknown>[] = []
  createInterface({ input: launcher.stdout! }).on('line', (line) => lines.push(JSON.parse(line)))
  const gone = new Promise<number | string | null>((resolve) =>
    launcher.once('exit', (code, signal) => resolve(signal ?? code)),
  )
  return { launcher, lines, gone }
}

async function started(launched: Launched): Promise<number> {
  await expect.poll(() => launched.lines.length, { timeout: 15_000 }).toBeGreaterThan(0)
  return launched.lines[0]?.pid as number
}
const isGone = (pid: number) => expect.poll(() => startOf(pid), { timeout: 10_000 }).toBeNull()

test('arguments go in and the exit code comes out, that of a killed program too', async () => {
  const passing = launch(['start', '--port', '1'])
  await started(passing)
  expect(passing.lines[0]?.args).toEqual(['start', '--port', '1'])
  passing.launcher.kill('SIGTERM')
  expect(await passing.gone).toBe(0)
  expect(passing.lines[1]).toEqual({ why: 'told to stop' })
  expect(await launch(['exit', '42']).gone).toBe(42)
  expect(await launch(['die']).gone).toBe(128 + 9)
})

test('one key press that arrives three times asks once; a second one forces', async () => {
  const polite = launch([])
  const pid = await started(polite)
  polite.launcher.kill('SIGINT')
  polite.launcher.kill('SIGINT')
  // The terminal tells the program itself as well.
  process.kill(pid, 'SIGINT')
  expect(await polite.gone).toBe(0)
  expect(polite.lines.length).toBe(2)

  const hurried = launch(['slow'])
  const slow = await started(hurried)
  hurried.launcher.kill('SIGINT')
  await pause(700)
  hurried.launcher.kill('SIGINT')
  expect(await hurried.gone).toBe(130)
  await isGone(slow)
})

test('a killed launcher takes the program along, drained', async () => {
  const launched = launch([])
  const pid = await started(launched)
  launched.launcher.kill('SIGKILL')
  await launched.gone
  await isGone(pid)
  expect(launched.lines[1]).toEqual({ why: 'the launcher is gone' })
})

test('when npm above it is killed, the program drains too', async () => {
  // A parent that waits, as npm's shell does.
  const launched = launch([], ['/bin/sh', '-c', '"$0" "$@"; exit $?'])
  const pid = await started(launched)
  launched.launcher.kill('SIGKILL')
  await launched.gone
  await isGone(pid)
  expect(launched.lines[1]).toEqual({ why: 'told to stop' })
})
