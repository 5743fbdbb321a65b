import { Refusal } from '../core/refusal.ts'
import type { Session } from './sql.ts'

/**
 * Which tables a backup holds, in an order in which they can be filled again, and what must be true so that none
 * of their rows is silently left out. The schema is asked, not a list: a table added tomorrow is in.
 */
export interface CopySession extends Session {
  /** The rows of `copy (…) to stdout`, in pieces. */
  copyOut(text: string): AsyncIterable<Uint8Array>
  /** Feeds `copy … from stdin`; gives the number of rows taken. */
  copyIn(text: string, pieces: AsyncIterable<Uint8Array>): Promise<number>
}

export type BackupTable = { readonly name: string; readonly columns: readonly string[] }
export type MigrationMark = { readonly number: number; readonly name: string; readonly checksum: string }

/** Who works where is true of one moment and one installation; the installation itself is made anew. */
const LEFT_OUT = [
  'installation',
  'worker',
  'shard',
  'backup',
  'live_ticket',
  // Who is signed in, and links that were mailed, end with the installation they belong to.
  'accounts.session',
  'accounts.verification',
  'accounts.opening',
  'accounts.letter',
]
const BACKUP = 'wed_backup'
/** Ours, by the names they have in a backup: those of `app` alone, those of the accounts with their schema. */
const NAMED = `case when c.relnamespace = to_regnamespace('app') then '' else 'accounts.' end || c.relname`
const OURS = `c.relnamespace in (to_regnamespace('app'), to_regnamespace('accounts'))`

/** Every table of ours with its columns, those that others point to first. */
export async function backupTables(session: Session): Promise<BackupTable[]> {
  const tables = await session.query<{ name: string; columns: string[] }>(
    `select ${NAMED} as name,
            (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
       from pg_class c
      where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition and ${NAMED} <> all ($1::text[])
      order by 1`,
    [LEFT_OUT],
  )
  const links = await session.query<{ child: string; parent: string }>(
    `select distinct ${NAMED} as child, ${NAMED.replaceAll('c.rel', 'p.rel')} as parent
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
      where k.contype = 'f' and ${OURS} and c.oid <> p.oid`,
  )
  return inOrder(tables, links)
}

function inOrder(
  tables: readonly BackupTable[],
  links: readonly { child: string; parent: string }[],
): BackupTable[] {
  const ordered: BackupTable[] = []
  const placed = new Set<string>()
  const known = new Set(tables.map((table) => table.name))
  while (ordered.length < tables.length) {
    const ready = tables.filter(
      (table) =>
        !placed.has(table.name) &&
        links.every(({ child, parent }) => child !== table.name || placed.has(parent) || !known.has(parent)),
    )
    if (ready.length === 0) throw new Error('tables point to each other in a circle; no order fills them')
    for (const table of ready) {
      placed.add(table.name)
      ordered.push(table)
    }
  }
  return ordered
}

/** What this role would not see: rights that are missing, or rows that row-level security would hide from it. */
export async function refuseHiddenRows(session: Session): Promise<void> {
  const rows = await session.query<{ name: string; granted: boolean }>(
    `select ${NAMED} as name, has_table_privilege($1::name, c.oid, 'SELECT') as granted
       from pg_class c
      where ${OURS} and c.relkind in ('r', 'p') and not c.relispartition
        and (not has_table_privilege($1::name, c.oid, 'SELECT')
             or (c.relrowsecurity and not exists (
                   select from pg_policy p
                    where p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polpermissive
                      and (select oid from pg_roles where rolname = $1) = any (p.polroles)
                      and pg_get_expr(p.polqual, p.polrelid) = 'true')))
      order by 1`,
    [BACKUP],
  )
  if (rows.length === 0) return
  throw new Refusal(
    'setup',
    'A backup would leave rows out, so none was made. A migration must let wed_backup read these tables.',
    {},
    rows.map(({ name, granted }) => ({
      code: 'hidden_rows',
      severity: 'error',
      path: placeOf(name),
      message: granted ? 'row-level security hides its rows from wed_backup' : 'wed_backup may not read it',
    })),
  )
}

export const readMarks = (session: Session): Promise<MigrationMark[]> =>
  session.query<MigrationMark>('select number, name, checksum from wedsync.migration order by number')

const named = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** Where a table of a backup lies. */
export const placeOf = (name: string): string =>
  name.startsWith('accounts.') ? `accounts.${named(name.slice('accounts.'.length))}` : `app.${named(name)}`
const columnList = (table: BackupTable): string => table.columns.map(named).join(', ')

// Through a query, because a partitioned table has no rows of its own to copy.
export const copyOutText = (table: BackupTable): string =>
  `copy (select ${columnList(table)} from ${placeOf(table.name)}) to stdout`
export const copyInText = (table: BackupTable): string =>
  `copy ${placeOf(table.name)} (${columnList(table)}) from stdin`

/**
 * Opens the tables to their owner, for this transaction alone: COPY does not fill a table under row-level
 * security. The locks this takes keep everybody else out until it is over.
 */
export async function openToOwner(session: Session): Promise<string[]> {
  const forced = await session.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
      where ${OURS} and c.relkind in ('r', 'p') and c.relforcerowsecurity order by 1`,
  )
  const names = forced.map((one) => one.name)
  await session.exec(names.map((name) => `alter table ${name} no force row level security`).join('; '))
  return names
}

export async function closeToOwner(session: Session, names: readonly string[]): Promise<void> {
  // Checks that wait for the end of the transaction would forbid the change of a table they still have to look at.
  await session.exec(
    `set constraints all immediate; ${names.map((name) => `alter table ${name} force row level security`).join('; ')}`,
  )
}

/** Numbers given out from now on lie above everything that came in. */
export async function raiseSequences(session: Session): Promise<void> {
  const owned = await session.query<{ sequence: string; table: string; column: string }>(
    `select d.objid::regclass::text as sequence, d.refobjid::regclass::text as table, a.attname::text as column
       from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where s.relnamespace = 'app'::regnamespace and d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass`,
  )
  for (const { sequence, table, column } of owned)
    await session.query(
      `select setval($1::regclass, (select coalesce(max(${named(column)}), 0) + 1 from ${table}), false)`,
      [sequence],
    )
  await session.query(
    `select setval('app.fence', greatest((select coalesce(max(fence), 0) from app.effect),
                                         (select coalesce(max(fence), 0) from app.effect_attempt)) + 1, false)`,
  )
}
