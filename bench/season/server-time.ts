import pg from 'pg'
import { median } from '../harness/timing.ts'

/**
 * What the server itself says of a piece of work: time and pages touched by its statements, summed over all of
 * them, without the way there and back. Needs `pg_stat_statements`, which the bench's server has loaded.
 */
export type ServerTime = {
  /** Medians of `times` repetitions. */
  of(times: number, work: (nth: number) => Promise<unknown>): Promise<Spent>
  close(): Promise<void>
  readonly session: pg.Client
}
export type Spent = { readonly ms: number; readonly pages: number; readonly statements: number }

export async function serverTime(databaseUrl: string): Promise<ServerTime> {
  const session = new pg.Client({ connectionString: databaseUrl })
  await session.connect()
  const { rows } = await session.query<{ name: string }>('select current_database() as name')
  const database = pg.escapeIdentifier(rows[0]!.name)
  await session.query('create extension if not exists pg_stat_statements')
  // From the next connection on; the house has not been opened yet.
  await session.query(`alter database ${database} set pg_stat_statements.track = 'top'`)

  const total = async (): Promise<Spent> => {
    const { rows } = await session.query<{ ms: number; pages: string; statements: string }>(`
      select coalesce(sum(total_exec_time), 0) as ms,
             coalesce(sum(shared_blks_hit + shared_blks_read), 0) as pages, coalesce(sum(calls), 0) as statements
        from pg_stat_statements s join pg_roles r on r.oid = s.userid
       where r.rolname = 'wed_app' and s.dbid = (select oid from pg_database where datname = current_database())`)
    const { ms, pages, statements } = rows[0]!
    return { ms, pages: Number(pages), statements: Number(statements) }
  }

  return {
    session,
    async of(times, work) {
      const spent: Spent[] = []
      for (let nth = 0; nth < times; nth += 1) {
        const before = await total()
        await work(nth)
        const after = await total()
        spent.push({
          ms: after.ms - before.ms,
          pages: after.pages - before.pages,
          statements: after.statements - before.statements,
        })
      }
      const middle = (of: (one: Spent) => number): number => median(spent.map(of))
      return {
        ms: middle((one) => one.ms),
        pages: middle((one) => one.pages),
        statements: middle((one) => one.statements),
      }
    },
    close: () => session.end(),
  }
}
