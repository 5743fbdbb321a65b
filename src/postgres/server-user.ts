import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'

/**
 * As whom the database server runs. PostgreSQL refuses to run as root, and sharing `nobody` would open the data
 * to every other service that runs as nobody: so root uses a number of its own, which needs no account.
 * Only `initdb` insists on an account with a name, and borrows one until the files change hands.
 */
export type ServerUser = { readonly uid: number; readonly gid: number }

/** Between 60,578 and 61,183 no system assigns numbers (systemd's list of ranges). */
export const SERVER_ID = 60_918

/** Null: as ourselves. Data that already lies there is served by its owner. */
export function serverUserFor(dataDirectory: string): ServerUser | null {
  if (process.getuid?.() !== 0) return null
  const there = statSync(dataDirectory, { throwIfNoEntry: false })
  return there && there.uid !== 0 ? { uid: there.uid, gid: there.gid } : { uid: SERVER_ID, gid: SERVER_ID }
}

/** Someone unprivileged with a name, for initdb. */
export function namedUser(): ServerUser {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid]) => uid !== undefined && Number(uid) > 0)
  const chosen = accounts.find(([name]) => name === 'nobody') ?? accounts[0]
  if (!chosen)
    throw new Refusal(
      'setup',
      'The database cannot be prepared as root: /etc/passwd names no other user. Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.',
    )
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) }
}

/** Whether this user may pass through every folder above the place, and through the place itself. */
export function mayEnter(place: string, user: ServerUser): boolean {
  for (let at = path.resolve(place); ; at = path.dirname(at)) {
    const there = statSync(at, { throwIfNoEntry: false })
    // What does not exist yet will be made by us, and made passable.
    if (there && !maySearch(there.mode, there.uid === user.uid, there.gid === user.gid)) return false
    if (path.dirname(at) === at) return true
  }
}

const maySearch = (mode: number, owns: boolean, inGroup: boolean): boolean =>
  (mode & (owns ? 0o100 : inGroup ? 0o010 : 0o001)) !== 0
