import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../core/refusal.ts'
import { type Binaries, program, serverEnvironment } from './binaries.ts'
import { exists, startOf } from './process-identity.ts'
import { explainServerFailure, isStillInUse, readTail, sizeOf } from './server-log.ts'
import { serverSettings } from './server-settings.ts'
import type { ServerUser } from './server-user.ts'

/** One server process: started, watched until it answers, stopped. Who restarts it when it dies is the cluster. */
export type Server = {
  readonly pid: number
  /** Settles when the process is gone, with what it died of. */
  readonly gone: Promise<string>
  stop(): Promise<void>
}

export type ServerPlace = {
  readonly binaries: Binaries
  readonly directory: string
  readonly logFile: string
  readonly user: ServerUser | null
  /** A folder for the socket, or a loopback port where sockets are not to be had. */
  readonly at: { readonly socketFolder: string } | { readonly port: number }
}

export const START_TIMEOUT_MS = 60_000
/** Fast shutdown: sessions are ended, a checkpoint is written. */
const FAST_STOP_MS = 20_000
/** Immediate shutdown: the next start recovers from the log. Nothing acknowledged is lost. */
const IMMEDIATE_STOP_MS = 5_000
const LOOK_EVERY_MS = 15
/** After a kill the last backends take a moment to notice; then their memory is free. */
const STILL_IN_USE_TRIES = 40
const STILL_IN_USE_PAUSE_MS = 250

export async function startServer(place: ServerPlace): Promise<Server> {
  for (let tries = 1; ; tries++) {
    const before = sizeOf(place.logFile)
    const child = launch(place)
    const gone = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `code ${code ?? 0}`))
      child.once('error', (error) => resolve(error.message))
    })
    if (await answers(place, child, gone)) return server(child, gone)
    const said = readTail(place.logFile, before)
    if (!isStillInUse(said) || tries === STILL_IN_USE_TRIES)
      throw new Refusal('setup', explainServerFailure(said), { log: place.logFile, said })
    await pause(STILL_IN_USE_PAUSE_MS)
  }
}

function launch(place: ServerPlace): ChildProcess {
  const where =
    'port' in place.at
      ? { listen_addresses: '127.0.0.1', port: String(place.at.port), unix_socket_directories: '' }
      : {
          listen_addresses: '',
          unix_socket_directories: place.at.socketFolder,
          unix_socket_permissions: '0700',
        }
  const settings = Object.entries({ ...serverSettings(), ...where })
  const log = openSync(place.logFile, 'a', 0o600)
  try {
    return spawn(
      program(place.binaries, 'postgres'),
      ['-D', place.directory, ...settings.flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      {
        stdio: ['ignore', log, log],
        env: serverEnvironment(),
        cwd: place.binaries.home,
        // A Ctrl-C of the terminal must not reach it: the program drains first and stops it then.
        detached: true,
        windowsHide: true,
        ...place.user,
      },
    )
  } finally {
    closeSync(log)
  }
}

/** True once it takes connections, false when it is gone before. It writes its state into its own pid file. */
async function answers(place: ServerPlace, child: ChildProcess, gone: Promise<string>): Promise<boolean> {
  let dead = false
  void gone.then(() => {
    dead = true
  })
  const until = performance.now() + START_TIMEOUT_MS
  while (!dead) {
    const found = readPidFile(place.directory)
    if (found?.pid === child.pid && found?.ready) return true
    if (performance.now() > until) {
      child.kill('SIGQUIT')
      throw new Refusal(
        'setup',
        `The embedded database was not ready within ${START_TIMEOUT_MS / 1_000} s. If it recovers from a crash, a second start goes on from there; its log is ${place.logFile}.`,
      )
    }
    await Promise.race([pause(LOOK_EVERY_MS), gone])
  }
  return false
}

function server(child: ChildProcess, gone: Promise<string>): Server {
  const pid = child.pid
  if (pid === undefined) throw new Error('A started server has a process number.')
  // When the program ends without stopping it (an uncaught error), it stops by itself.
  const last = () => void child.kill('SIGINT')
  process.once('exit', last)
  void gone.then(() => process.off('exit', last))
  return { pid, gone, stop: () => stopProcess((signal) => child.kill(signal), gone) }
}

async function stopProcess(signal: (name: NodeJS.Signals) => void, gone: Promise<unknown>): Promise<void> {
  const within = (ms: number) => Promise.race([gone.then(() => true), pause(ms, false, { ref: false })])
  signal('SIGINT')
  if (await within(FAST_STOP_MS)) return
  signal('SIGQUIT')
  if (await within(IMMEDIATE_STOP_MS)) return
  signal('SIGKILL')
  await gone
}

type PidFile = { readonly pid: number; readonly ready: boolean }

function readPidFile(directory: string): PidFile | null {
  try {
    const lines = readFileSync(path.join(directory, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return null
  }
}

/**
 * Stops a server whose program was killed; returns its process number, or null when there is none. Starting it
 * anew costs half a second and gives us its exit, its settings and its log, which adopting would not. The
 * caller holds the lock of the data, so whoever still serves it is an orphan.
 */
export async function stopOrphan(directory: string): Promise<number | null> {
  const found = readPidFile(directory)
  if (found === null) return null
  if (!serves(found.pid, directory)) {
    // Left by a crash; its number may belong to anyone by now, which would make the server refuse to start.
    rmSync(path.join(directory, 'postmaster.pid'), { force: true })
    return null
  }
  const startedAt = startOf(found.pid)
  const gone = (async () => {
    while (exists(found.pid) && startOf(found.pid) === startedAt) await pause(20)
  })()
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(found.pid, name)
    } catch {
      // Gone between looking and asking.
    }
  }
  await stopProcess(signal, gone)
  return found.pid
}

function serves(pid: number, directory: string): boolean {
  if (startOf(pid) === null) return false
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory)
    const asked: [string, string[]] =
      process.platform === 'win32'
        ? [
            'powershell',
            [
              '-NoProfile',
              '-Command',
              `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
            ],
          ]
        : ['ps', ['-o', 'command=', '-p', String(pid)]]
    return execFileSync(...asked, { encoding: 'utf8' }).includes(directory)
  } catch {
    return false
  }
}
