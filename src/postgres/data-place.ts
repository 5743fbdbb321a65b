import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'
import type { ServerPlace } from './server.ts'
import { mayEnter, type ServerUser, serverUserFor } from './server-user.ts'

/** Where the data, the binaries' copy and the socket lie, so that the server's user can reach what is its own. */
const ROOTS_SHELF = '/var/lib/wedsync'
/** Socket paths are cut off at 104 bytes on some systems; the name takes 20. */
const SOCKET_FOLDER_MAX = 80

/** A folder of root's for what belongs to this folder but may not lie in it. */
export const shelfFor = (folder: string): string =>
  path.join(ROOTS_SHELF, createHash('sha256').update(folder).digest('hex').slice(0, 12))

/** Where the database of this folder lies, whether or not there is one yet. */
export function placeOf(data: string): string {
  const user = serverUserFor(path.join(data, 'postgres'))
  return user === null || mayEnter(data, user) ? data : shelfFor(data)
}

/** The folder asked for, unless we are root and the server's user could not enter it. */
export function choosePlace(data: string, notes: string[]): string {
  const user = serverUserFor(path.join(data, 'postgres'))
  makeFolder(data)
  if (user === null || mayEnter(data, user)) return data
  const place = shelfFor(data)
  makeFolder(ROOTS_SHELF)
  makeFolder(place)
  const sentence = `The database of ${data} lies in ${place}, because the server does not run as root and may not enter that folder.`
  writeFileSync(path.join(data, 'WHERE-IS-THE-DATABASE.txt'), `${sentence}\n`)
  notes.push(sentence)
  return place
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(folder, { recursive: true })
  // Passable, not readable: the server's user needs to reach what is its own inside. (umask would narrow mkdir's.)
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700)
}

/** The number in the socket's name; no port is opened by it. */
export const SOCKET_PORT = 5432

export async function whereToListen(place: string, user: ServerUser | null): Promise<ServerPlace['at']> {
  if (process.platform === 'win32') return { port: await freePort() }
  const near = path.join(place, 'run')
  const folder =
    Buffer.byteLength(near) <= SOCKET_FOLDER_MAX
      ? near
      : path.join(tmpdir(), `wedsync-${shelfFor(place).slice(-12)}`)
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 })
    if (user) chownSync(folder, user.uid, user.gid)
  }
  const there = lstatSync(folder)
  const owner = user?.uid ?? process.getuid?.()
  // In a folder for everyone, somebody else may have been there first.
  if (!there.isDirectory() || there.uid !== owner)
    throw new Refusal(
      'setup',
      `The folder for the database's socket, ${folder}, belongs to somebody else. Remove it.`,
    )
  return { socketFolder: folder }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
