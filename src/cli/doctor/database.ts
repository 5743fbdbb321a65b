import { instant } from '../../core/time/instant.ts'
import { type OpenSession, openSession } from '../../postgres/client.ts'
import { MIGRATIONS, type Reached } from '../../reach.ts'
import { bootProblems } from '../../store/boot-check.ts'
import { pendingMigrations, readMigrations } from '../../store/migrate.ts'
import { partitionTrouble } from '../../store/partitions.ts'
import { type Finding, lookAt, mend, well } from './finding.ts'

/** The database before anything in it is trusted. */
const CLOCK_OFF_MS = 1_000

export async function database(
  reached: Reached,
  logKeepDays: number,
): Promise<{ findings: Finding[]; ready: boolean }> {
  const session = await openSession(reached.target('wed_app'))
  try {
    const pending = await pendingMigrations(session, await readMigrations(MIGRATIONS))
    const whose = reached.embedded
      ? reached.joined
        ? `embedded, run by another program, in ${reached.embedded.place}`
        : `embedded, in ${reached.embedded.place}`
      : 'your own'
    const [row] = await session.query<{ version: string }>(
      "select current_setting('server_version') as version",
    )
    const findings = [
      well('database', `PostgreSQL ${row?.version ?? '?'}, ${whose}.`),
      pending.length === 0
        ? well('migrations', 'The database is up to date.')
        : mend(
            'migrations',
            `Missing: ${pending.join(', ')}.`,
            'wedsync migrate (or a start of this version, which does the same)',
          ),
      // A database that was reached was asked (reach.ts).
      well('key', 'What is sealed here was sealed by it.'),
      ...(await tenancy(session, reached.embedded !== null)),
      await clock(session),
      ...(pending.length === 0 ? await logs(session, logKeepDays) : []),
    ]
    return { findings, ready: pending.length === 0 }
  } finally {
    await session.close()
  }
}

async function tenancy(session: OpenSession, embedded: boolean): Promise<Finding[]> {
  const problems = await bootProblems(session, { embedded, judged: 'who logged in' })
  if (problems.length === 0)
    return [well('tenancy', 'Vendors are kept apart: row-level security cannot be escaped.')]
  return problems.map((one) =>
    one.severity === 'refuse'
      ? mend(
          'tenancy',
          one.sentence,
          'Nothing is served until this is right; "wedsync migrate" says so again.',
        )
      : lookAt('tenancy', one.sentence, 'Update the server when a newer minor is there.'),
  )
}

/** The quarters of the logs: made ahead and let go of by the running program, so trouble means that it does neither. */
async function logs(session: OpenSession, keepDays: number): Promise<Finding[]> {
  const [row] = await session.query<{ ms: number }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
  )
  const { missing, tooOld } = await partitionTrouble(session, instant(row?.ms ?? 0), keepDays)
  const fix = 'wedsync migrate (or a start, which does the same); the log of the program says what hinders it'
  return [
    missing.length === 0
      ? well('logs', `Kept for ${keepDays} days, their next quarter is there.`)
      : mend(
          'logs',
          `No table for ${missing.join(', ')}: what is written then waits in the default one.`,
          fix,
        ),
    ...(tooOld.length === 0
      ? []
      : [
          mend('logs', `Past the ${keepDays} days they are kept and still there: ${tooOld.join(', ')}.`, fix),
        ]),
  ]
}

/** The work follows the database's clock; this machine's is only for its log, but should not be far off. */
async function clock(session: OpenSession): Promise<Finding> {
  const before = Date.now()
  const [row] = await session.query<{ ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
  )
  const off = Math.round((row?.ms ?? 0) - (before + Date.now()) / 2)
  if (Math.abs(off) <= CLOCK_OFF_MS)
    return well('clock', `This machine and the database agree within ${Math.max(1, Math.abs(off))} ms.`)
  return lookAt(
    'clock',
    `The database's clock is ${off} ms from this machine's. Work follows the database's.`,
    'Let both machines follow a time server.',
  )
}
