import { fork } from 'node:child_process'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { exists } from '../../src/postgres/process-identity.ts'
import { type Supervisor, superviseWorkers } from '../../src/queue/supervisor.ts'
import { tellingLog, told, until } from './stage.ts'

const program = path.join(import.meta.dirname, 'worker-program.ts')
let supervisor: Supervisor | null = null
afterEach(async () => {
  await supervisor?.stop()
  supervisor = null
})
function supervise(mode: string, drainMs = 5_000): Supervisor {
  told.length = 0
  supervisor = superviseWorkers({ entry: program, args: [mode], env: process.env, log: tellingLog, drainMs })
  return supervisor
}
const pidsOf = (one: Supervisor) => one.reports().map((report) => report.pid)

test('worker processes are started, report, and the youngest drain when fewer are wanted', async () => {
  const one = supervise('good')
  await one.scale(3)
  await until(() => pidsOf(one).length === 3, 20_000)
  expect(one.running).toBe(3)
  expect(one.busyShare()).toBeGreaterThanOrEqual(0.75)
  const [first, ...others] = pidsOf(one)
  await one.scale(1)
  expect(one.running).toBe(1)
  expect(pidsOf(one)).toEqual([first])
  for (const pid of others) expect(exists(pid)).toBe(false)
  expect(told.filter((line) => line.level !== 'info')).toEqual([])
}, 40_000)

test('a worker that is killed comes back', async () => {
  const one = supervise('good')
  await one.scale(1)
  await until(() => pidsOf(one).length === 1, 20_000)
  const [pid] = pidsOf(one)
  process.kill(pid!, 'SIGKILL')
  await until(() => pidsOf(one).length === 1 && pidsOf(one)[0] !== pid, 20_000)
  expect(one.restarts).toBe(1)
}, 40_000)

test('one that cannot live is tried less and less often', async () => {
  const one = supervise('crash')
  await one.scale(1)
  await until(() => one.restarts >= 3, 20_000)
  const pauses = told.map((line) => (line.details as { inMs: number }).inMs)
  expect(pauses.slice(0, 3)).toEqual([100, 200, 400])
}, 40_000)

test('one that will not drain is ended', async () => {
  const one = supervise('stubborn', 300)
  await one.scale(1)
  await until(() => pidsOf(one).length === 1, 20_000)
  const startedAt = performance.now()
  await one.stop()
  expect(one.running).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(2_000)
}, 40_000)

test('children end when their supervisor is killed', async () => {
  const parent = fork(path.join(import.meta.dirname, 'parent-program.ts'))
  const pids = await new Promise<number[]>((resolve) =>
    parent.once('message', (said) => resolve(said as number[])),
  )
  expect(pids.map(exists)).toEqual([true, true])
  parent.kill('SIGKILL')
  await until(() => !pids.some(exists), 10_000)
}, 40_000)
