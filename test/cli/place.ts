import { spawn } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../../src/config.ts'
import { readConfig } from '../../src/config.ts'
import type { Bytes } from '../../src/engine/backup-file.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'

/** A folder of its own for a program, its data and its key; and the command line run in it. */
export type Place = {
  readonly folder: string
  readonly config: Config
  /** Another installation under the same master key. */
  beside(name: string): Place
  wedsync(...args: string[]): Promise<Said>
  remove(): void
}
type Said = {
  readonly code: number | null
  readonly out: string
  readonly err: string
  json<Value>(): Value
}

export { silent }

export function place(folder = temporaryFolder(), name = 'data'): Place {
  const env = { WEDSYNC_DATA: path.join(folder, name), PORT: '0' }
  const config = readConfig(env)
  return {
    folder,
    config,
    beside(other) {
      copyFileSync(path.join(folder, `.${name}.wedsync-key`), path.join(folder, `.${other}.wedsync-key`))
      return place(folder, other)
    },
    wedsync: (...args) => run(args, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const MAIN = path.join(import.meta.dirname, '../../src/cli/main.ts')

function run(args: readonly string[], env: { readonly [name: string]: string }): Promise<Said> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      USER: 'tester',
      // As the launcher gives it.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => {
    said.out += text.toString()
  })
  child.stderr.on('data', (text: Buffer) => {
    said.err += text.toString()
  })
  return new Promise((resolve) =>
    child.once('close', (code) =>
      resolve({ code, ...said, json: <Value>() => JSON.parse(said.out) as Value }),
    ),
  )
}

export async function collect(bytes: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** In pieces that end anywhere, as a disk or a network gives them. */
export async function* inPieces(bytes: Buffer, size = 1_013): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** The smallest journey that writes to a couple ten days before the wedding, and one letter at once. */
export const headcount = {
  format: 1,
  name: 'Headcount',
  category: 'planning',
  reentry: 'per_wedding',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'client_added' },
    {
      id: 'hello',
      kind: 'module',
      type: 'email',
      version: 1,
      config: { subject: 'Hello', body: 'Welcome' },
      class: 'transactional',
    },
    { id: 'wait', kind: 'delay', wait: { before: { days: 10 }, of: 'wedding', at: '09:00' } },
    {
      id: 'ask',
      kind: 'module',
      type: 'email',
      version: 1,
      config: { subject: 'How many?', body: 'Hello' },
      class: 'transactional',
    },
  ],
  edges: [
    { from: 'begin', to: 'hello' },
    { from: 'hello', to: 'wait' },
    { from: 'wait', to: 'ask' },
  ],
} as const
