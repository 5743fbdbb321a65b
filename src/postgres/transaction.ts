import pg from 'pg'
import { CommitUnknown, type Scope, type Sql } from '../ports.ts'
import { vendorIdsSetting } from '../store/scope.ts'
import { nameFor, type Statement, sqlState, statement } from '../store/sql.ts'
import type { Checkout } from './pool.ts'

/**
 * One transaction on one connection. Messages are pipelined: the server answers in order, each message with
 * its own error or rows, and once one fails the rest answer "aborted" (25P02) until COMMIT, which then says
 * ROLLBACK. So begin and scope need no answer of their own before the first statement goes out, and the error
 * that counts is always the first.
 */

const SCOPE_TEXT = `select set_config('app.vendor_ids', $1, true)`
const SCOPE_NAME = nameFor(SCOPE_TEXT)

const ABORTED = '25P02'
// The prepared form no longer fits the tables, or is gone: the connection's memory is wrong, not the statement.
const STALE = new Set(['0A000', '26000'])

type Answer = pg.QueryResult<Record<string, unknown>>

/** Everything sent inside `send` leaves in one packet. */
function together<T>(client: pg.Client, send: () => T): T {
  const { stream } = client.connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

const query = (client: pg.Client, one: Statement): Promise<Answer> => client.query(one)

const begin = (client: pg.Client, setting: string): Promise<Answer>[] => [
  client.query('begin'),
  query(client, { name: SCOPE_NAME, text: SCOPE_TEXT, values: [setting] }),
]

/**
 * Runs `work`; commits when it returns, rolls back when it throws. Nothing is sent before the first statement.
 * Returning after a swallowed error throws that error: the database has undone everything already.
 */
export async function transact<T>(
  checkout: Checkout,
  name: string,
  scope: Scope,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const { client } = checkout
  const setting = vendorIdsSetting(scope)
  const state: { begun: boolean; over: boolean; first: Error | null } = {
    begun: false,
    over: false,
    first: null,
  }
  const remember = (error: Error): void => {
    if (STALE.has(sqlState(error) ?? '')) checkout.broken ??= error
    state.first ??= error
  }

  const sql: Sql = async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
    if (state.over) throw new Error(`The transaction "${name}" is over; its sql was called again.`)
    const wanted = statement(text, values, 'bytes')
    const answer = together(client, () => {
      if (!state.begun) {
        state.begun = true
        for (const early of begin(client, setting)) early.catch(remember)
      }
      return query(client, wanted)
    })
    try {
      return (await answer).rows as Row[]
    } catch (error) {
      remember(error as Error)
      throw sqlState(error) === ABORTED && state.first ? state.first : error
    }
  }

  let result: T
  try {
    result = await work(sql)
  } catch (error) {
    state.over = true
    if (state.begun) await rollback(checkout)
    throw error
  }
  state.over = true
  if (state.begun) await commit(checkout, name, () => state.first)
  return result
}

async function commit(checkout: Checkout, name: string, first: () => Error | null): Promise<void> {
  // A line known to be dead before COMMIT was sent has certainly not committed.
  if (checkout.broken !== null && !STALE.has(sqlState(checkout.broken) ?? ''))
    throw first() ?? checkout.broken
  let answer: Answer
  try {
    answer = await checkout.client.query('commit')
  } catch (error) {
    throw first() ?? commitError(checkout, name, error as Error)
  }
  if (answer.command !== 'COMMIT')
    throw first() ?? new Error(`"${name}" was rolled back instead of committed.`)
}

/** A refusal by the server (a deferred constraint, a conflict) is certain; anything else leaves it open. */
function commitError(checkout: Checkout, name: string, error: Error): Error {
  if (error instanceof pg.DatabaseError && !/^(08|53|57|58|XX)/.test(error.code ?? 'XX')) return error
  checkout.broken ??= error
  return new CommitUnknown(`The connection was lost while "${name}" was being committed.`, { cause: error })
}

async function rollback(checkout: Checkout): Promise<void> {
  if (checkout.broken !== null && !STALE.has(sqlState(checkout.broken) ?? '')) return
  try {
    await checkout.client.query('rollback')
  } catch (error) {
    // The server rolls back by itself when the line goes.
    checkout.broken ??= error as Error
  }
}

/** Begin, scope, statement and commit in one flight: one round trip for a whole transaction. */
export async function transactOne<Row>(
  checkout: Checkout,
  name: string,
  scope: Scope,
  text: TemplateStringsArray,
  values: readonly unknown[],
): Promise<Row[]> {
  const { client } = checkout
  const setting = vendorIdsSetting(scope)
  const wanted = statement(text, values, 'bytes')
  const [begun, scoped, done, committed] = await Promise.allSettled(
    together(client, () => [...begin(client, setting), query(client, wanted), client.query('commit')]),
  )
  const first = [begun, scoped, done].find((answer) => answer?.status === 'rejected')
  const error: Error | null = first?.status === 'rejected' ? first.reason : null
  if (error && STALE.has(sqlState(error) ?? '')) checkout.broken ??= error

  if (committed?.status === 'rejected') {
    // COMMIT was sent with the rest. Only the server's own word that the statement failed makes it certain.
    if (error instanceof pg.DatabaseError && !/^57P/.test(error.code ?? '')) throw error
    throw commitError(checkout, name, committed.reason as Error)
  }
  if (committed?.value.command !== 'COMMIT')
    throw error ?? new Error(`"${name}" was rolled back instead of committed.`)
  if (error) throw error
  return (done?.status === 'fulfilled' ? done.value.rows : []) as Row[]
}
