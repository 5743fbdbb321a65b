import { randomUUID } from 'node:crypto'
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../core/refusal.ts'
import { judge, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/**
 * One program for one data directory. A lock file is never deleted and made again, because between looking and
 * deleting another starter could have made its own: each holder takes the next number (`lock.7`), the highest
 * number counts, and making a file is exclusive. Lower numbers are swept by the holder. A living holder is
 * never robbed; a dead one is known by process number, start time and boot. A holder this system cannot judge
 * (another container, a machine that rebooted) counts as living while it touches its file.
 */
export type DataLock = { release(): void }

type Holder = ProcessIdentity & { readonly released: boolean }

const TOUCH_EVERY_MS = 2_000
/** A holder elsewhere that has not touched its file for so long is gone. */
export const SILENT_MS = 12_000
const WAIT_PIECE_MS = 250

export async function lockData(folder: string): Promise<DataLock> {
  for (;;) {
    const highest = highestLock(folder)
    const holder = highest === 0 ? null : readHolder(folder, highest)
    if (holder !== null && !holder.released) {
      const verdict = judge(holder)
      if (verdict === 'alive') throw inUse(folder, holder)
      if (verdict === 'elsewhere' && (await touchedMeanwhile(folder, highest))) throw inUse(folder, holder)
    }
    const taken = take(folder, highest + 1)
    if (taken) return taken
  }
}

/** Who holds the data now, without touching anything; null when nobody does. */
export function holderOf(folder: string): { readonly pid: number } | null {
  const highest = statSync(folder, { throwIfNoEntry: false }) ? highestLock(folder) : 0
  const holder = highest === 0 ? null : readHolder(folder, highest)
  if (holder === null || holder.released) return null
  const verdict = judge(holder)
  const touchedAt = statSync(fileOf(folder, highest), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return verdict === 'alive' || (verdict === 'elsewhere' && Date.now() - touchedAt < SILENT_MS)
    ? holder
    : null
}

const fileOf = (folder: string, number: number) => path.join(folder, `lock.${number}`)

const numbers = (folder: string): number[] =>
  readdirSync(folder).flatMap((name) => {
    const match = /^lock\.(\d{1,15})$/.exec(name)
    return match ? [Number(match[1])] : []
  })

const highestLock = (folder: string): number => Math.max(0, ...numbers(folder))

/** Null when it vanished, or when its writer died between making and filling it: nobody holds by that. */
function readHolder(folder: string, number: number): Holder | null {
  try {
    return JSON.parse(readFileSync(fileOf(folder, number), 'utf8')) as Holder
  } catch {
    return null
  }
}

function take(folder: string, number: number): DataLock | null {
  const self: Holder = { ...ownIdentity(), released: false }
  const draft = path.join(folder, `lock-draft.${randomUUID()}`)
  try {
    writeFileSync(draft, JSON.stringify(self), { mode: 0o644 })
    linkSync(draft, fileOf(folder, number))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
  // A slow starter may have made a number that was swept long ago: the highest counts, so it looks again.
  if (highestLock(folder) !== number) {
    rmSync(fileOf(folder, number), { force: true })
    return null
  }
  for (const old of numbers(folder)) if (old < number) rmSync(fileOf(folder, old), { force: true })
  return held(folder, number, self)
}

function held(folder: string, number: number, self: Holder): DataLock {
  const file = fileOf(folder, number)
  const touching = setInterval(() => {
    try {
      const now = Date.now() / 1_000
      utimesSync(file, now, now)
    } catch {
      // The folder is gone or full; the process itself is still the proof for everyone on this machine.
    }
  }, TOUCH_EVERY_MS)
  touching.unref()
  return {
    release() {
      clearInterval(touching)
      const draft = path.join(folder, `lock-draft.${randomUUID()}`)
      try {
        writeFileSync(draft, JSON.stringify({ ...self, released: true }), { mode: 0o644 })
        renameSync(draft, file)
      } catch {
        // On a full disk it stays ours in words; our end frees it, because we are then known to be dead.
        rmSync(draft, { force: true })
      }
    },
  }
}

/** Waits until the file was silent long enough (false) or was touched while we looked (true). */
async function touchedMeanwhile(folder: string, number: number): Promise<boolean> {
  const touchedAt = () => statSync(fileOf(folder, number), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const before = touchedAt()
  while (Date.now() - before < SILENT_MS) {
    await pause(WAIT_PIECE_MS)
    if (touchedAt() !== before) return highestLock(folder) === number
  }
  return false
}

const inUse = (folder: string, holder: ProcessIdentity): Refusal =>
  new Refusal(
    'setup',
    `The data in ${folder} is in use by process ${holder.pid}. Stop that program first, or give this one another folder with WEDSYNC_DATA.`,
    { folder, pid: holder.pid },
  )
