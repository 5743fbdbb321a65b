import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server process of ours: started, waited for, stopped; killed with us when we go unexpectedly. */
export interface Server {
  stop(): Promise<void>
}

export type Launch = {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd: string
  readonly as?: Account
  /** The signal that asks for an orderly stop. */
  readonly stopWith: NodeJS.Signals
  readonly ready: () => Promise<unknown>
}

const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 20_000
const LAST_WORDS = 2_000

export async function startServer(launch: Launch): Promise<Server> {
  const child = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: { PATH: process.env.PATH ?? '', HOME: launch.cwd, LANG: 'C.UTF-8', ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...launch.as,
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS)
    })
  }
  let failure: Error | null = null
  child.on('error', (error) => {
    failure = error
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))

  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    if (failure) throw failure
    if (child.exitCode !== null) throw new Error(`${launch.command} ended at once: ${words.trim()}`)
    try {
      await launch.ready()
      return { stop: () => stop(child, launch.stopWith) }
    } catch (cause) {
      if (performance.now() > deadline) {
        kill()
        throw new Error(`${launch.command} was not ready in time: ${words.trim()}`, { cause })
      }
      await sleep(25)
    }
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await gone
  clearTimeout(patience)
}

export type Account = { readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root; then it runs as nobody. Otherwise it is simply us. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP port was expected')
  return address.port
}
