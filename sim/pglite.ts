import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PGlite, protocol } from '@electric-sql/pglite'
import { type Instant, instant } from '../src/core/time/instant.ts'
import type { Db, Scope, Sql } from '../src/ports.ts'
import { type Migration, migrate } from '../src/store/migrate.ts'
import { watchNesting } from '../src/store/nesting.ts'
import { APP, ensureRoles } from '../src/store/roles.ts'
import { readerOf, SESSION_FORMAT } from '../src/store/row-types.ts'
import { vendorIdsSetting } from '../src/store/scope.ts'
import {
  encodeAll,
  nameFor,
  type Session,
  type Statement,
  sqlState,
  statement,
  type Wire,
} from '../src/store/sql.ts'

/**
 * The production SQL in process, for the simulator and every test that needs rows. PGlite has one session: a
 * transaction runs alone and the others queue in the order they came. It proves logic; never locks, durability
 * or what two sessions do to each other. The session is a superuser, so each transaction becomes the app's
 * role first, or row-level security would not be there.
 */
export type SimDatabase = {
  readonly db: Db
  /** The superuser's view, for oracles and set-up; not within a transaction. */
  readonly session: Session
  /** Back to the state after the migrations: rows deleted, sequences at their start. */
  reset(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts from a copy of a migrated database when this machine made one before (under a second), else makes it.
 * Start one per test process and `reset()` it: PGlite is slow to start and never freed while it is not closed.
 */
export async function startPglite(
  migrations: readonly Migration[],
  now: Instant = instant(0),
): Promise<SimDatabase> {
  const copy = path.join(tmpdir(), `wedsync-sim-${process.getuid?.() ?? 0}`, `${copyKey(migrations)}.tar`)
  if (existsSync(copy)) return simDatabase(await PGlite.create({ loadDataDir: await openAsBlob(copy) }))
  const pglite = await PGlite.create()
  const { session } = await simDatabase(pglite)
  await ensureRoles(session, null)
  await migrate(session, migrations, now)
  await keepCopy(pglite, copy)
  return simDatabase(pglite)
}

function copyKey(migrations: readonly Migration[]): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const version = readFileSync(path.join(path.dirname(entry), '..', 'package.json'), 'utf8')
  const roles = readFileSync(new URL('../src/store/roles.ts', import.meta.url))
  const hash = createHash('sha256').update(version).update(roles)
  for (const { name, checksum } of migrations) hash.update(name).update(checksum)
  return hash.digest('hex').slice(0, 24)
}

async function keepCopy(pglite: PGlite, file: string): Promise<void> {
  const dump = await pglite.dumpDataDir('none')
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()), { mode: 0o600 })
  renameSync(draft, file)
}

/** Plans as the program's pooled connections make them, and nothing counted that nobody reads. */
const STEADY =
  'set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set track_activities = off; set track_counts = off'

async function simDatabase(pglite: PGlite): Promise<SimDatabase> {
  const wire = makeWire(pglite)
  await wire.script(`${SESSION_FORMAT}; set search_path = app; ${STEADY}`)
  const seeds = await readSeeds(wire)
  const queue = makeQueue()
  const nesting = watchNesting()

  const tx = <T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T> => {
    nesting.refuseInside(name)
    return queue(() => transact(wire, name, scope, (sql) => nesting.run(name, () => work(sql))))
  }
  const session: Session = {
    exec: (script) => queue(() => wire.script(script)),
    query: <Row>(text: string, values: readonly unknown[] = []) =>
      queue(
        async () => (await wire.run({ text, name: nameFor(text), values: encodeAll(values) })).rows as Row[],
      ),
  }
  return {
    db: {
      tx: async (name, scope, work) => tx(name, scope, work),
      one: async <Row>(
        name: string,
        scope: Scope,
        text: TemplateStringsArray,
        ...values: readonly unknown[]
      ) => tx(name, scope, (sql) => sql<Row>(text, ...values)),
    },
    session,
    reset: () => queue(() => deleteEverything(wire, seeds)),
    close: () => pglite.close(),
  }
}

/** First come, first served; a failure is its caller's alone. */
function makeQueue(): <T>(turn: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (turn) => {
    const mine = last.then(turn)
    last = mine.catch(() => undefined)
    return mine
  }
}

const ABORTED = '25P02'

/** The same promises as the pipelined driver: nothing sent before the first statement, the first error counts. */
async function transact<T>(
  wire: PgliteWire,
  name: string,
  scope: Scope,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const setting = vendorIdsSetting(scope)
  let begun = false
  let over = false
  let first: unknown = null
  const statements = makeQueue()

  const sql: Sql = async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
    if (over) throw new Error(`The transaction "${name}" is over; its sql was called again.`)
    const wanted = statement(text, values, 'text')
    return statements(async () => {
      const before = begun ? NOTHING_BEFORE : beginning(setting)
      begun = true
      try {
        return (await wire.run(wanted, before)).rows as Row[]
      } catch (error) {
        first ??= error
        throw sqlState(error) === ABORTED ? first : error
      }
    })
  }

  let result: T
  try {
    result = await work(sql)
  } catch (error) {
    over = true
    await statements(async () => undefined)
    if (begun) await wire.script('rollback')
    throw error
  }
  over = true
  await statements(async () => undefined)
  if (!begun) return result
  const tag = await commit(wire, first)
  if (tag !== 'COMMIT') throw first ?? new Error(`"${name}" was rolled back instead of committed.`)
  return result
}

const known = (text: string): Statement => ({ text, name: nameFor(text), values: [] })
const COMMIT = known('commit')
const BEGIN = [known('begin'), known(`set local role ${APP}`)]
const NOTHING_BEFORE: readonly Statement[] = []
const beginnings = new Map<string, readonly Statement[]>()
const BEGINNINGS_MAX = 500

/** Goes to the database in one turn with the first statement. The setting holds checked ids and nothing else. */
function beginning(setting: string): readonly Statement[] {
  const made = beginnings.get(setting) ?? [...BEGIN, known(`set local app.vendor_ids = '${setting}'`)]
  if (beginnings.size >= BEGINNINGS_MAX) beginnings.clear()
  beginnings.set(setting, made)
  return made
}

async function commit(wire: PgliteWire, first: unknown): Promise<string> {
  try {
    return (await wire.run(COMMIT)).tag
  } catch (error) {
    throw first ?? error
  }
}

type Answer = { readonly rows: Record<string, unknown>[]; readonly tag: string }

type PgliteWire = {
  /** Answers for `wanted`; what stands before it goes along in the same turn. */
  run(wanted: Statement, before?: readonly Statement[]): Promise<Answer>
  script(text: string): Promise<void>
}

/**
 * PGlite spoken to in PostgreSQL's own protocol, one call per turn, statements prepared by name: four times as
 * fast as its query(), and the same bytes that a server gets.
 */
function makeWire(pglite: PGlite): PgliteWire {
  const { serialize } = protocol
  const prepared = new Set<string>()
  const give = (parts: Uint8Array[], { name, text, values }: Statement): void => {
    // After an error it is not known whether the name is taken; closing what is not there is no error.
    if (name === '' || !prepared.has(name))
      parts.push(serialize.close({ type: 'S', name }), serialize.parse({ name, text }))
    parts.push(serialize.bind({ statement: name, values: values.map(bindable) }))
  }
  return {
    async run(wanted, before = NOTHING_BEFORE) {
      const parts: Uint8Array[] = []
      for (const one of before) {
        give(parts, one)
        parts.push(serialize.execute({}))
      }
      give(parts, wanted)
      parts.push(serialize.describe({ type: 'P' }), serialize.execute({}), serialize.sync())
      try {
        const answer = readAnswer(await pglite.execProtocolStream(Buffer.concat(parts), { syncToFs: false }))
        for (const { name } of before) prepared.add(name)
        if (wanted.name !== '') prepared.add(wanted.name)
        return answer
      } catch (error) {
        for (const { name } of before) prepared.delete(name)
        prepared.delete(wanted.name)
        throw error
      }
    },
    async script(text) {
      await pglite.execProtocolStream(serialize.query(text), { syncToFs: false })
    },
  }
}

const bindable = (value: Wire) => (value instanceof Uint8Array ? new Uint8Array(value) : value)

type Messages = Awaited<ReturnType<PGlite['execProtocolStream']>>

function readAnswer(messages: Messages): Answer {
  const rows: Record<string, unknown>[] = []
  let fields: { name: string; read: (text: string) => unknown }[] | null = null
  let tag = ''
  for (const message of messages) {
    if (message.name === 'rowDescription') {
      const { fields: described } = message as unknown as { fields: { name: string; dataTypeID: number }[] }
      fields = described.map(({ name, dataTypeID }) => ({ name, read: readerOf(dataTypeID) }))
    } else if (message.name === 'dataRow' && fields) {
      const { fields: texts } = message as unknown as { fields: (string | null)[] }
      const row: Record<string, unknown> = {}
      for (const [i, { name, read }] of fields.entries()) {
        const text = texts[i]
        row[name] = text === null || text === undefined ? null : read(text)
      }
      rows.push(row)
    } else if (message.name === 'commandComplete') {
      tag = (message as unknown as { text: string }).text
    }
  }
  return { rows, tag }
}

const TABLES = `
  select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_'
     and n.nspname not in ('information_schema', 'wedsync') order by 1`
const SEQUENCES = `
  select format('setval(%L, %s, false)', s.seqrelid::regclass, s.seqstart) as call
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
   where n.nspname <> 'wedsync' order by 1`

/** Rows that the migrations themselves have put in, as statements that put them in again. */
async function readSeeds(wire: PgliteWire): Promise<string[]> {
  const ask = async (text: string) => (await wire.run({ text, name: '', values: [] })).rows
  const seeds: string[] = []
  for (const { name } of await ask(TABLES)) {
    const [row] = await ask(`select json_agg(t)::text as rows from ${name} t`)
    if (typeof row?.rows !== 'string') continue
    const text = row.rows.replaceAll("'", "''")
    seeds.push(`insert into ${name} select * from json_populate_recordset(null::${name}, '${text}')`)
  }
  return seeds
}

/** DELETE is cheaper than TRUNCATE for small tables; as a replica the order of the keys does not matter. */
async function deleteEverything(wire: PgliteWire, seeds: readonly string[]): Promise<void> {
  const ask = async (text: string) => (await wire.run({ text, name: nameFor(text), values: [] })).rows
  const deletes = (await ask(TABLES)).map(({ name }) => `delete from ${name}`)
  const sequences = (await ask(SEQUENCES)).map(({ call }) => `select ${call}`)
  await wire.script(
    [
      'begin',
      'set local session_replication_role = replica',
      ...deletes,
      ...seeds,
      ...sequences,
      'commit',
    ].join('; '),
  )
}
