import { CommitUnknown, type Db, type Scope, type Sql } from '../src/ports.ts'
import type { Faults } from './faults.ts'
import type { SimDatabase } from './pglite.ts'
import type { Process, Scheduler } from './scheduler.ts'

/**
 * One process's line to the database. Begin, each statement and commit are points of the scheduler; what a real
 * line may do to a transaction happens here. PGlite has one session, so transactions take turns: errors that only
 * two sessions can cause are injected.
 */
export type Line = {
  readonly world: SimDatabase
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly session: SessionTurn
  /** Rewrites a statement: how a bug in SQL is planted. */
  readonly rewrite: (text: TemplateStringsArray) => TemplateStringsArray
  /** What was committed, and by whom, before anybody goes on. */
  readonly committed: (name: string, process: Process) => void
  /** Every row that reached a transaction of these vendors. */
  readonly seen: (name: string, scope: Scope, rows: readonly unknown[]) => void
}

/** Whose turn the one session is. */
export type SessionTurn = { holder: OpenTransaction | null; refusesUntil: number }
export type OpenTransaction = { readonly name: string; readonly process: Process; end(error: Error): void }

class ServerError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
export const lineLost = (): Error => new ServerError('08006', 'connection lost (injected)')
class Gone extends Error {}

const STATEMENT_FAULTS = [
  ['serialization', '40001'],
  ['deadlock', '40P01'],
  ['lock_timeout', '55P03'],
  ['statement_timeout', '57014'],
  ['disk_full', '53100'],
] as const
const SLOW_STATEMENT_MS_MAX = 15_000

export function lineOf(line: Line, process: Process): Db {
  const { scheduler, faults, session } = line

  async function begin(name: string): Promise<void> {
    await scheduler.point(process, `begin ${name}`, () => session.holder === null)
    if (scheduler.now < session.refusesUntil)
      throw new ServerError('ECONNREFUSED', 'the database is starting (injected)')
    if (faults.strikes('begin_refused')) throw new ServerError('53300', 'too many connections (injected)')
  }

  function run<T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T> {
    const lost = Promise.withResolvers<never>()
    lost.promise.catch(() => undefined)
    let committing = false
    let ended: Error | null = null
    const open: OpenTransaction = {
      name,
      process,
      end(error) {
        ended = error
        scheduler.drop((one) => one.process === process && one.label.endsWith(`#${name}`))
        lost.reject(error)
      },
    }
    session.holder = open
    const died = (): void => open.end(new Gone())
    process.atDeath.add(died)

    // A line works off what it was given in the order it was given.
    let given = 0
    let worked = 0
    const sql: Sql = async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
      if (ended) throw ended
      const mine = given++
      await Promise.race([
        scheduler.point(process, `statement #${name}`, () => worked === mine),
        lost.promise,
      ])
      worked += 1
      strikeStatement(open)
      return busily(async () => {
        const rows = await inner!<Row>(line.rewrite(text), ...values)
        line.seen(name, scope, rows)
        return rows
      })
    }
    let inner: Sql | null = null

    const whole = line.world.db.tx(name, scope, async (real) => {
      inner = real
      try {
        const result = await Promise.race([work(sql), lost.promise])
        await Promise.race([scheduler.point(process, `commit #${name}`), lost.promise])
        if (faults.strikes('connection_lost')) throw lineLost()
        if (faults.strikes('commit_lost'))
          throw new CommitUnknown('connection lost in commit (injected, not committed)')
        committing = true
        return result
      } finally {
        // From here to its end the transaction belongs to the library, not to the scheduler.
        scheduler.busy += 1
      }
    })
    const over = (): void => {
      scheduler.busy -= 1
      session.holder = null
      process.atDeath.delete(died)
    }
    return new Promise((resolve, reject) => {
      whole.then(
        (result) => {
          over()
          line.committed(name, process)
          if (process.dead) return
          if (committing && faults.strikes('commit_unknown'))
            reject(new CommitUnknown('connection lost in commit (injected, committed)'))
          else resolve(result)
        },
        (error: unknown) => {
          over()
          if (!process.dead) reject(error)
        },
      )
    })
  }

  async function busily<T>(work: () => Promise<T>): Promise<T> {
    scheduler.busy += 1
    try {
      return await work()
    } finally {
      scheduler.busy -= 1
    }
  }

  function strikeStatement(open: OpenTransaction): void {
    if (faults.strikes('database_restart')) {
      session.refusesUntil = scheduler.now + 3_000
      scheduler.tell('database', 'restarts at once')
      throw lineLost()
    }
    for (const [kind, code] of STATEMENT_FAULTS)
      if (faults.strikes(kind)) throw new ServerError(code, `${kind} (injected)`)
    if (faults.strikes('slow_statement')) {
      scheduler.stepClock(scheduler.dice.int(500, SLOW_STATEMENT_MS_MAX))
      scheduler.tell('database', `is slow with ${open.name}`)
    }
  }

  return {
    async tx(name, scope, work) {
      await begin(name)
      return run(name, scope, work)
    },
    // A reading is parked and struck like any other transaction.
    async read(name, scope, work) {
      await begin(name)
      return run(name, scope, work)
    },
    async one<Row>(name: string, scope: Scope, text: TemplateStringsArray, ...values: readonly unknown[]) {
      await begin(name)
      return run(name, scope, (sql) => sql<Row>(text, ...values))
    },
  }
}
