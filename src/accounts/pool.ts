import pg from 'pg'
import type { Log } from '../ports.ts'

/** The lines of the accounts: few, and only as wed_accounts, who may enter no other schema. */
const CONNECTIONS_MAX = 4
const PATIENCE = 'set search_path = accounts; set statement_timeout = 15000; set lock_timeout = 5000'

export type AccountsPool = {
  readonly pool: pg.Pool
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export function openAccountsPool(target: pg.PoolConfig, log: Log): AccountsPool {
  const pool = new pg.Pool({
    ...target,
    max: CONNECTIONS_MAX,
    application_name: 'wedsync accounts',
    connectionTimeoutMillis: 10_000,
    onConnect: async (client) => {
      await client.query(PATIENCE)
    },
  })
  // Without a listener an idle line that dies would end the program; the next query opens another.
  pool.on('error', (error) => log.warn('a line of the accounts was lost', { cause: error.message }))
  // So would one that dies in somebody's hands; who asked by it hears of it by their question.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    pool,
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    close: () => pool.end(),
  }
}
