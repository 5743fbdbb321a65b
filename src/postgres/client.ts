import pg from 'pg'
import { readerOf, SESSION_FORMAT } from '../store/row-types.ts'
import { encodeAll, type Session } from '../store/sql.ts'

/** Where a PostgreSQL is and as whom: an address in parts, or one connection string. */
export type Target = Pick<
  pg.ClientConfig,
  'host' | 'port' | 'database' | 'user' | 'password' | 'ssl' | 'connectionString'
>

export const CONNECT_TIMEOUT_MS = 10_000
/** A statement that runs longer is a mistake: the slowest of ours is a page of numbers. */
export const STATEMENT_TIMEOUT_MS = 15_000
/** Waiting for a row lock longer than this means someone sits on it; the caller tries again later. */
export const LOCK_TIMEOUT_MS = 5_000
/** A transaction whose program went silent gives its locks back. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
const KEEP_ALIVE_DELAY_MS = 10_000

/** Names without a schema mean ours; system names come first in any case. */
const SEARCH_PATH = 'app'

export type ClientKind = 'pooled' | 'alone' | 'session'

/**
 * Opens one connection whose rows have our shapes. A pooled one is pipelined and impatient; a session (for
 * migrations) waits as long as its work takes; one alone (listening, the clock) is impatient too.
 */
export async function openClient(target: Target, kind: ClientKind, name = 'wedsync'): Promise<pg.Client> {
  const client = new pg.Client({
    ...target,
    pipeline: kind !== 'session',
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    types: { getTypeParser: ((oid: number) => readerOf(oid)) as typeof pg.types.getTypeParser },
  })
  // Without a listener an idle connection that dies would end the program. Whoever uses it sees it as broken.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(`${SESSION_FORMAT}; set search_path = ${SEARCH_PATH}; ${patience(kind)}`)
    return client
  } catch (error) {
    client.end().catch(() => undefined)
    throw error
  }
}

// Sent as statements and not as start-up parameters, which some poolers refuse.
function patience(kind: ClientKind): string {
  if (kind === 'session') return 'set statement_timeout = 0; set lock_timeout = 0'
  const patient = `set statement_timeout = ${STATEMENT_TIMEOUT_MS}; set lock_timeout = ${LOCK_TIMEOUT_MS};
    set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`
  return kind === 'pooled' ? `${patient}; ${STEADY_PLANS}` : patient
}

/**
 * Every statement of the product finds its rows by id through an index, so its plan is made once and must stay good
 * from an empty table to a full one, before any statistics exist. Planning anew cost 0.3 to 1 ms a statement, and a
 * plan made for a small table walked whole tables as they grew (a batch of 500: 77 ms instead of 2).
 */
const STEADY_PLANS = 'set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off'

/** The same server and settings as another user. */
export function asUser(target: Target, user: string, password: string): Target {
  if (target.connectionString === undefined) return { ...target, user, password }
  const url = new URL(target.connectionString)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return { ...target, connectionString: url.href }
}

export type OpenSession = Session & { close(): Promise<void> }

/** One connection with full command of itself: migrations, roles, the boot check. */
export async function openSession(target: Target): Promise<OpenSession> {
  const client = await openClient(target, 'session')
  return {
    exec: async (script) => {
      await client.query(script)
    },
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query({ text, values: encodeAll(values) })).rows as Row[],
    close: () => client.end(),
  }
}
