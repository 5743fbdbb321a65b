import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { finishedNameOf, makeBackup } from './backups.ts'
import type { BackupSchedule } from './config.ts'
import { HOUR_MS, type Instant, isoOf, MINUTE_MS, plusMs } from './core/time/instant.ts'
import type { House } from './main.ts'
import { openSession } from './postgres/client.ts'
import { backupTrouble, lastBackup, noteTrouble } from './store/backups.ts'
import { allVendors } from './store/journeys.ts'

/**
 * Makes a backup whenever the last good one is old enough, proves it, and keeps the last few (reliability 1.4). On
 * several machines whoever comes first makes it. What hinders it stands in the book, where health, the metrics and
 * doctor find it, and is tried again.
 */
export type BackupKeeper = { stop(): Promise<void> }

/** A start has other things to do first, and who starts it for a minute wants no backup. */
const FIRST_LOOK_AFTER_MS = 5 * MINUTE_MS
const LOOK_EVERY_MS = 10 * MINUTE_MS
const AGAIN_AFTER_MS = HOUR_MS
/** Left to the database, whatever becomes of backups. */
const FREE_KEPT_BYTES = 500_000_000
/** "backup" in ASCII: one at a time, on all machines of a house. */
const LOCK = 0x6261_636b_7570

export function keepBackups(house: House, schedule: BackupSchedule): BackupKeeper {
  const { clock, log } = house.engine
  const stop = new AbortController()
  async function work(): Promise<void> {
    for (let waitMs = FIRST_LOOK_AFTER_MS; !stop.signal.aborted; waitMs = LOOK_EVERY_MS) {
      await clock.sleepUntil(plusMs(clock.now(), waitMs), 'backup keeper', stop.signal)
      if (stop.signal.aborted) return
      try {
        await backupIfDue(house, schedule, stop.signal)
      } catch (error) {
        if (!stop.signal.aborted) log.error('a backup could not be seen to', { error: String(error) })
      }
    }
  }
  const working = work()
  return {
    async stop() {
      stop.abort()
      await working
    },
  }
}

export type BackupRound = 'made' | 'failed' | 'not_due' | 'elsewhere'

export async function backupIfDue(
  house: House,
  schedule: BackupSchedule,
  signal?: AbortSignal,
): Promise<BackupRound> {
  if (!(await isDue(house, schedule))) return 'not_due'
  const session = await openSession(house.target('wed_backup'))
  try {
    const [mine] = await session.query<{ mine: boolean }>('select pg_try_advisory_lock($1::bigint) as mine', [
      LOCK,
    ])
    if (!mine?.mine) return 'elsewhere'
    // Somebody may have made one while we came.
    return (await isDue(house, schedule)) ? await tryOnce(house, schedule, signal) : 'not_due'
  } finally {
    await session.close()
  }
}

async function isDue({ engine }: House, { everyHours }: BackupSchedule): Promise<boolean> {
  const now = engine.clock.now()
  const [last, trouble] = await Promise.all([lastBackup(engine.db), backupTrouble(engine.db)])
  if (trouble && now < plusMs(trouble.at, AGAIN_AFTER_MS)) return false
  if (last === null) return (await allVendors(engine.db)).length > 0
  return now >= plusMs(last.at, everyHours * HOUR_MS)
}

async function tryOnce(house: House, schedule: BackupSchedule, signal?: AbortSignal): Promise<BackupRound> {
  const { engine } = house
  const at = engine.clock.now()
  const file = path.join(schedule.folder, fileAt(at))
  try {
    mkdirSync(schedule.folder, { recursive: true, mode: 0o700 })
    sweep(schedule.folder)
    const needed = ((await lastBackup(engine.db))?.bytes ?? 0) * 2 + FREE_KEPT_BYTES
    refuseNarrow(schedule.folder, needed)
    const { told, fileBytes } = await makeBackup(house, file, { verify: true, ...(signal ? { signal } : {}) })
    const gone = letGo(schedule.folder, schedule.keep)
    engine.log.info('a backup was made and proved', { file, rows: told.rows, bytes: fileBytes, gone })
    return 'made'
  } catch (error) {
    if (signal?.aborted) throw error
    const trouble = error instanceof Error ? error.message : String(error)
    engine.log.error('no backup was made; it is tried again in an hour', { file, trouble })
    await noteTrouble(engine.db, { backup_id: engine.rng.uuid7(at), at, file: path.basename(file), trouble })
    return 'failed'
  }
}

/** wedsync-20270501T020000Z.wedbak: the order of the names is that of the moments. */
const fileAt = (at: Instant): string => `wedsync-${isoOf(at).slice(0, 19).replaceAll(/[-:]/g, '')}Z.wedbak`
const OURS = /^wedsync-\d{8}T\d{6}Z\.wedbak$/

/** Beginnings that a killed program left; whoever holds the lock is the only one that writes such names. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder))
    if (OURS.test(finishedNameOf(name) ?? '')) rmSync(path.join(folder, name), { force: true })
}

function refuseNarrow(folder: string, needed: number): void {
  const disk = statfsSync(folder)
  const free = disk.bavail * disk.bsize
  if (free < needed)
    throw new Error(
      `${folder} has too little room: ${megabytes(free)} MB are free, ${megabytes(needed)} are wanted.`,
    )
}
const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000)

/** Only files of our own naming, and only once a newer one is proved. Gives how many went. */
function letGo(folder: string, keep: number): number {
  const old = readdirSync(folder)
    .filter((name) => OURS.test(name))
    .sort()
    .reverse()
    .slice(keep)
  for (const name of old) rmSync(path.join(folder, name), { force: true })
  return old.length
}
