import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * A process of the storm: started, kept running, killed, frozen. Whoever kills it says how long it stays dead;
 * one that ends by itself is started again soon, as a service manager would. Only what was started here is ever
 * signalled, by its own number.
 */
export type KeptProcess = {
  readonly name: string
  pid(): number | null
  /** How often it was started, and how often it ended without being killed by us. */
  readonly counts: { starts: number; endedAlone: number }
  /** Kills it at once; it comes back after `downMs`. */
  kill(signal: NodeJS.Signals, downMs: number): void
  /** Freezes it for so long, as a suspended machine would be. */
  freeze(forMs: number): Promise<void>
  send(message: unknown): void
  /** Ends it for good: asked first, killed when it does not listen. */
  stop(): Promise<void>
}

export type Launch = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: { readonly [name: string]: string }
  readonly cwd: string
  readonly logFile: string
  readonly user?: { readonly uid: number; readonly gid: number } | null
  /** Whether `send` reaches it. */
  readonly talks?: boolean
  readonly stopWith?: NodeJS.Signals
}

const AGAIN_AFTER_MS = 300
const STOP_WITHIN_MS = 15_000

export function keepRunning(launch: Launch): KeptProcess {
  const counts = { starts: 0, endedAlone: 0 }
  let child: ChildProcess | null = null
  let downMs: number | null = null
  let frozen = false
  let stopping = false
  let gone: Promise<void> = Promise.resolve()

  function start(): void {
    counts.starts += 1
    const log = openSync(launch.logFile, 'a', 0o644)
    const started = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: { PATH: process.env.PATH ?? '', HOME: launch.cwd, LANG: 'C.UTF-8', ...launch.env },
      stdio: ['ignore', log, log, ...(launch.talks ? (['ipc'] as const) : [])],
      ...launch.user,
    })
    closeSync(log)
    child = started
    frozen = false
    const ended = new Promise<void>((resolve) => {
      started.once('exit', () => resolve())
      started.once('error', () => resolve())
    })
    gone = ended.then(async () => {
      child = null
      if (stopping) return
      if (downMs === null) counts.endedAlone += 1
      const restMs = downMs ?? AGAIN_AFTER_MS
      downMs = null
      await pause(restMs)
      if (!stopping) start()
    })
  }

  const last = (): void => void child?.kill('SIGKILL')
  process.once('exit', last)
  start()

  return {
    name: launch.name,
    pid: () => child?.pid ?? null,
    counts,
    kill(signal, restMs) {
      if (child === null) return
      downMs = restMs
      child.kill(signal)
      if (frozen) child.kill('SIGCONT')
    },
    async freeze(forMs) {
      const target = child
      if (target === null) return
      frozen = true
      target.kill('SIGSTOP')
      await pause(forMs)
      // It may have been killed meanwhile, and its number may be another's by now: the handle knows.
      if (target.exitCode === null && target.signalCode === null) target.kill('SIGCONT')
      if (child === target) frozen = false
    },
    send(message) {
      if (child?.connected) child.send(message as object, () => undefined)
    },
    async stop() {
      stopping = true
      process.off('exit', last)
      child?.kill('SIGCONT')
      child?.kill(launch.stopWith ?? 'SIGTERM')
      const force = setTimeout(() => child?.kill('SIGKILL'), STOP_WITHIN_MS)
      await gone
      clearTimeout(force)
    },
  }
}

/** Waits until `ask` succeeds; gives up with its last words. */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > deadline)
        throw new Error(`${what} within ${withinMs} ms: ${error}`, { cause: error })
      await pause(100)
    }
  }
}
