import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { RunEvent } from '../core/run/event.ts'
import { type Instant, instantFrom, isoOf } from '../core/time/instant.ts'
import {
  type BackupTable,
  backupTables,
  type CopySession,
  closeToOwner,
  copyInText,
  openToOwner,
  raiseSequences,
} from '../store/backup-tables.ts'
import { type Migration, migrate } from '../store/migrate.ts'
import {
  callInFlightUnknown,
  countRows,
  isEmpty,
  livingWorkers,
  renewInstallation,
  tellVendors,
  writeToRuns,
} from '../store/restored.ts'
import { OWNER } from '../store/roles.ts'
import { type BackupTold, type Progress, sumOf, type TableTold, tallyOf } from './backup.ts'
import {
  type BackupHeader,
  type BackupKey,
  type Bytes,
  damaged,
  FRAME,
  type Frame,
  openFile,
} from './backup-file.ts'

/**
 * A backup becomes an installation. The whole file is read and proved first; then everything is loaded in one
 * transaction, so that a kill at any moment leaves an empty installation, into which it can be restored again.
 * What comes out is another installation: nothing leaves it until somebody switches it on by its new id.
 */
export type RestoreFacts = {
  readonly key: BackupKey
  readonly now: Instant
  readonly migrations: readonly Migration[]
  uuid(): string
  /** The old installation did nothing any more after this backup. */
  readonly stopped: boolean
  /** Every run waits until a person lets it go on. */
  readonly hold: boolean
}
export type RestoreTold = BackupTold & {
  readonly installation: string
  /** Messages that were on their way: settled one by one, never simply sent again. */
  readonly unknown: number
  /** Runs whose next step fell due meanwhile, or all of them when they are held. */
  readonly overdue: number
}

/** Reads a whole backup and proves it: nothing cut off, nothing changed, every table as long as it says. */
export async function verifyBackup(
  source: Bytes,
  key: BackupKey,
  progress: Progress = () => undefined,
): Promise<BackupTold> {
  const { header, frames } = await openFile(source, keyOf(key))
  const tables: TableTold[] = []
  await walk(frames, async (table, pieces) => {
    const tally = tallyOf(table.name)
    for await (const piece of pieces) {
      tally.add(piece)
      const before = sumOf(tables)
      progress({ rows: before.rows + tally.rows(), bytes: before.bytes + tally.bytes(), table: table.name })
    }
    tables.push(tally.end())
    return tables.at(-1)!
  })
  return { header, tables, ...sumOf(tables) }
}

const keyOf =
  (key: BackupKey) =>
  (header: BackupHeader): BackupKey => {
    if (header.keyId === key.id) return key
    throw new Refusal(
      'invalid',
      `This backup was made under the master key ${header.keyId}; the one given here is ${key.id}. Put the right key file in its place, or set WEDSYNC_KEY.`,
    )
  }

export async function restore(
  session: CopySession,
  source: () => Bytes,
  facts: RestoreFacts,
  progress: Progress = () => undefined,
): Promise<RestoreTold> {
  const proved = await verifyBackup(source(), facts.key)
  const known = migrationsOf(proved.header, facts.migrations)
  await bringTo(session, known, facts)
  await session.exec(`begin; set local role ${OWNER}`)
  try {
    const told = await load(session, source, facts, proved, progress)
    await session.exec('commit')
    await migrate(session, facts.migrations, facts.now)
    return told
  } catch (error) {
    await session.exec('rollback').catch(() => undefined)
    throw error
  }
}

/** Those of our migrations that had run where the backup was made. */
function migrationsOf(header: BackupHeader, ours: readonly Migration[]): readonly Migration[] {
  if (header.migrations.length > ours.length)
    throw new Refusal(
      'invalid',
      `This backup was made by a newer version (${header.migrations.at(-1)?.name}). Restore it with that version.`,
    )
  const other = header.migrations.find((mark, index) => mark.checksum !== ours[index]?.checksum)
  if (other)
    throw new Refusal(
      'invalid',
      `This backup was made by a version whose migration ${other.name} had another text. Restore it with that version.`,
    )
  return ours.slice(0, header.migrations.length)
}

/** An empty installation whose tables are those of the backup; a newer one is taken back, since it holds nothing. */
async function bringTo(
  session: CopySession,
  known: readonly Migration[],
  facts: RestoreFacts,
): Promise<void> {
  const [there] = await session.query<{ there: boolean }>(
    `select to_regclass('wedsync.migration') is not null as there`,
  )
  const [ran] = there?.there
    ? await session.query<{ count: number }>('select count(*)::int as count from wedsync.migration')
    : []
  if ((ran?.count ?? 0) > 0) {
    await session.exec(`begin; set local role ${OWNER}`)
    await openToOwner(session)
    const empty = await isEmpty(session)
    await session.exec('rollback')
    if (!empty) throw notEmpty()
  }
  if ((ran?.count ?? 0) > known.length) {
    await session.exec(
      `begin; set local role ${OWNER}; drop schema app cascade; drop schema if exists accounts cascade; delete from wedsync.migration; commit`,
    )
  }
  await migrate(session, known, facts.now)
}

const notEmpty = (): Refusal =>
  new Refusal(
    'conflict',
    'There are vendors here already. A backup is restored into an empty installation only: give another folder with WEDSYNC_DATA, or another database.',
  )

async function load(
  session: CopySession,
  source: () => Bytes,
  facts: RestoreFacts,
  proved: BackupTold,
  progress: Progress,
): Promise<RestoreTold> {
  const opened = await openToOwner(session)
  if (!(await isEmpty(session))) throw notEmpty()
  const [worker] = await livingWorkers(session, facts.now)
  if (worker)
    throw new Refusal(
      'conflict',
      `A program works on this database (process ${worker.pid} on ${worker.host}). Stop it first.`,
    )
  await fillTables(session, source(), facts, proved, progress)
  await raiseSequences(session)
  const installation = facts.uuid()
  await renewInstallation(session, installation, proved.header.zoneData, facts.now)
  const after = await carryOn(session, facts, instantFrom(proved.header.at))
  await closeToOwner(session, opened)
  return { ...proved, installation, ...after }
}

async function fillTables(
  session: CopySession,
  source: Bytes,
  facts: RestoreFacts,
  proved: BackupTold,
  progress: Progress,
): Promise<void> {
  const wanted = new Map((await backupTables(session)).map((table) => [table.name, table.columns.join()]))
  const { frames } = await openFile(source, keyOf(facts.key))
  let rows = 0
  let bytes = 0
  await walk(frames, async (table, pieces) => {
    if (wanted.get(table.name) !== table.columns.join())
      throw damaged(`Its table ${table.name} is not one of this version.`)
    wanted.delete(table.name)
    const tally = tallyOf(table.name)
    await session.copyIn(
      copyInText(table),
      watched(pieces, (piece) => {
        tally.add(piece)
        progress({ rows: rows + tally.rows(), bytes: bytes + tally.bytes(), table: table.name })
      }),
    )
    const told = tally.end()
    rows += told.rows
    bytes += told.bytes
    const there = await countRows(session, table.name)
    if (there !== told.rows) throw new Error(`${table.name} holds ${there} rows after loading ${told.rows}`)
    return told
  })
  if (wanted.size > 0) throw damaged(`It lacks ${[...wanted.keys()].join(', ')}.`)
  if (rows !== proved.rows) throw damaged('It changed while it was read.')
}

async function* watched(pieces: Bytes, see: (piece: Uint8Array) => void): Bytes {
  for await (const piece of pieces) {
    see(piece)
    yield piece
  }
}

/** What the time between the backup and now means for messages on their way and for steps that fell due. */
async function carryOn(
  session: CopySession,
  facts: RestoreFacts,
  taken: Instant,
): Promise<{ unknown: number; overdue: number }> {
  const { now } = facts
  const unknown = await callInFlightUnknown(session, { taken, now }, facts.stopped)
  const vendors = await session.query<{ vendor_id: VendorId }>(
    'select vendor_id from app.vendor order by vendor_id',
  )
  await tellVendors(
    session,
    now,
    vendors.map(({ vendor_id }) => ({
      vendor: vendor_id,
      id: facts.uuid(),
      facts: { taken: isoOf(taken), unknown: unknown.get(vendor_id) ?? 0, held: facts.hold },
    })),
  )
  // A pause that ends at once: what fell due meanwhile follows its late policy, one step at a time, never a burst.
  const command = (which: 'pause' | 'resume'): RunEvent => ({
    is: 'commanded',
    at: now,
    by: 'restore',
    command: { do: which },
  })
  const overdue = facts.hold
    ? await writeToRuns(session, 'living', now, [command('pause')])
    : await writeToRuns(session, 'overdue', now, [command('pause'), command('resume')])
  return { unknown: [...unknown.values()].reduce((sum, one) => sum + one, 0), overdue }
}

/** Walks the frames in their order; `take` must use up the rows of its table and say what they were. */
async function walk(
  frames: AsyncIterable<Frame>,
  take: (table: BackupTable, pieces: Bytes) => Promise<TableTold>,
): Promise<void> {
  const steps = frames[Symbol.asyncIterator]()
  const tables: TableTold[] = []
  for (;;) {
    const next = await steps.next()
    if (next.done) throw damaged('Its content ends too early.')
    const { kind, payload } = next.value
    if (kind === FRAME.end) {
      if (payload.toString() !== JSON.stringify(sumOf(tables)))
        throw damaged('Its sums are not those of its tables.')
      // Read to the very end: only then the last part has been proved, and nothing follows it.
      if (!(await steps.next()).done) throw damaged('Something follows after its content.')
      return
    }
    if (kind !== FRAME.table) throw damaged('Its content is out of order.')
    let last: Frame | null = null
    const pieces = async function* (): Bytes {
      for (;;) {
        const step = await steps.next()
        if (step.done) throw damaged('Its content ends in the middle of a table.')
        last = step.value
        if (step.value.kind !== FRAME.rows) return
        yield step.value.payload
      }
    }
    const told = await take(JSON.parse(payload.toString()) as BackupTable, pieces())
    const end = last as Frame | null
    if (end?.kind !== FRAME.tableEnd || end.payload.toString() !== JSON.stringify(told))
      throw damaged(`Table ${told.name} is not as long or not the same as it says.`)
    tables.push(told)
  }
}
