import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './cell.ts'

/** How long a cell may take to close what it opened after its report is due. */
const CLOSING_SECONDS = 15
const LAST_WORDS = 2_000

/** Runs one measurement in a process (and process group) of its own and ends the whole group after it. */
export async function runCell(order: Order, seconds: number): Promise<Report> {
  mkdirSync(order.world.scratch)
  const child = fork(fileURLToPath(new URL('cell.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=4096'],
    cwd: order.world.scratch,
    // Nothing of the caller's surroundings may tune one system and not the other.
    env: { PATH: process.env.PATH ?? '', HOME: order.world.scratch, LANG: 'C.UTF-8', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const end = (): void => endGroup(child)
  process.once('exit', end)
  try {
    return await reportOf(child, order, seconds)
  } finally {
    end()
    process.off('exit', end)
    rmSync(order.world.scratch, { recursive: true, force: true, maxRetries: 10 })
  }
}

function reportOf(child: ChildProcess, order: Order, seconds: number): Promise<Report> {
  return new Promise((resolve) => {
    let words = ''
    const hear = (text: string): void => {
      words = (words + text).slice(-LAST_WORDS)
    }
    child.stdout?.setEncoding('utf8').on('data', hear)
    child.stderr?.setEncoding('utf8').on('data', hear)
    const failed = (what: string): void => {
      clearTimeout(limit)
      resolve({ is: 'failed', reason: words.trim() === '' ? what : `${what}; last words: ${words.trim()}` })
    }
    const limit = setTimeout(failed, 1_000 * (seconds + CLOSING_SECONDS), `not done in ${seconds} s`)
    child.once('error', (error) => failed(error.message))
    child.once('exit', (code, signal) => failed(`its process ended without a report (${signal ?? code})`))
    child.once('message', (report: Report) => {
      clearTimeout(limit)
      resolve(report)
    })
    child.send(order)
  })
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
}
