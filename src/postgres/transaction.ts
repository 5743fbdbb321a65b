import pg from 'pg'
import { CommitUnknown, type Sql } from '../ports.ts'
import { nameFor, type Statement, sqlState, statement } from '../store/sql.ts'
import type { Checkout } from './pool.ts'

/**
 * One transaction on one connection. Messages are pipelined: the server answers in order, each message with
 * its own error or rows, and once one fails the rest answer "aborted" (25P02) until COMMIT, which then says
 * ROLLBACK. So begin and scope need no answer of their own before the first statement goes out, and the error
 * that counts is always the first.
 */

/**
 * The scope stays with the session, and the checkout remembers it: who comes with the same one need not set it again,
 * and a single statement needs no transaction around it. It is only ever changed inside a transaction that ends with
 * the first statement under it, so that no statement can run under a scope whose setting has failed.
 */
const SCOPE_TEXT = `select set_config('app.vendor_ids', $1, false)`
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

function begin({ client, scope }: Checkout, setting: string): Promise<Answer>[] {
  const begun = client.query('begin')
  if (scope === setting) return [begun]
  return [begun, query(client, { name: SCOPE_NAME, text: SCOPE_TEXT, values: [setting] })]
}

/**
 * Runs `work`; commits when it returns, rolls back when it throws. Nothing is sent before the first statement.
 * Returning after a swallowed error throws that error: the database has undone everything already.
 */
export async function transact<T>(
  checkout: Checkout,
  name: string,
  setting: string,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const { client } = checkout
  const state: { begun: boolean; over: boolean; first: Error | null } = {
    begun: false,
    over: false,
    first: null,
  }
  const remember = (error: Error): void => {
    if (STALE.has(sqlState(error) ?? '')) checkout.broken ??= error
    state.first ??= error
  }

  // The first statement left together with BEGIN. If that failed nobody knows under what it ran.
  const notBegun = (error: Error): void => {
    checkout.broken ??= error
    state.first ??= new CommitUnknown(`"${name}" could not begin as a transaction.`, { cause: error })
  }

  const sql: Sql = async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
    if (state.over) throw new Error(`The transaction "${name}" is over; its sql was called again.`)
    const wanted = statement(text, values, 'bytes')
    const answer = together(client, () => {
      if (!state.begun) {
        state.begun = true
        for (const early of begin(checkout, setting)) early.catch(notBegun)
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
    if (state.begun) await rollback(checkout, setting)
    throw error
  }
  state.over = true
  if (state.begun) {
    await commit(checkout, name, () => state.first)
    checkout.scope = setting
  }
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

async function rollback(checkout: Checkout, setting: string): Promise<void> {
  // What was set in a transaction that is undone is undone with it; what was there before is asked of nobody.
  if (checkout.scope !== setting) checkout.scope = null
  if (checkout.broken !== null && !STALE.has(sqlState(checkout.broken) ?? '')) return
  try {
    await checkout.client.query('rollback')
  } catch (error) {
    // The server rolls back by itself when the line goes.
    checkout.broken ??= error as Error
  }
}

/** Statements outside any transaction, for a session that already has the scope. */
export async function readOnly<T>(
  checkout: Checkout,
  name: string,
  _setting: string,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  let over = false
  const sql: Sql = async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
    if (over) throw new Error(`The reading "${name}" is over; its sql was called again.`)
    try {
      return (await query(checkout.client, statement(text, values, 'bytes'))).rows as Row[]
    } catch (error) {
      if (STALE.has(sqlState(error) ?? '')) checkout.broken ??= error as Error
      throw error
    }
  }
  try {
    return await work(sql)
  } finally {
    over = true
  }
}

/** One statement in one flight: alone when the session has the scope, else with begin, scope and commit around it. */
export async function transactOne<Row>(
  checkout: Checkout,
  name: string,
  setting: string,
  text: TemplateStringsArray,
  values: readonly unknown[],
): Promise<Row[]> {
  const wanted = statement(text, values, 'bytes')
  return (
    checkout.scope === setting
      ? await alone(checkout, name, wanted)
      : await inFlight(checkout, name, setting, wanted)
  ) as Row[]
}

/** The statement is its own transaction: its answer is the commit's. */
async function alone(checkout: Checkout, name: string, wanted: Statement): Promise<unknown[]> {
  try {
    return (await query(checkout.client, wanted)).rows
  } catch (error) {
    if (STALE.has(sqlState(error) ?? '')) checkout.broken ??= error as Error
    // Only the server's own word that it failed makes it certain.
    if (error instanceof pg.DatabaseError && !/^57P/.test(error.code ?? '')) throw error
    // A row that was answered and cannot be read here: the statement stands, and so does the line.
    if (error instanceof RangeError) throw error
    throw commitError(checkout, name, error as Error)
  }
}

async function inFlight(
  checkout: Checkout,
  name: string,
  setting: string,
  wanted: Statement,
): Promise<unknown[]> {
  const { client } = checkout
  checkout.scope = null
  const answers = await Promise.allSettled(
    together(client, () => [
      client.query('begin'),
      query(client, { name: SCOPE_NAME, text: SCOPE_TEXT, values: [setting] }),
      query(client, wanted),
      client.query('commit'),
    ]),
  )
  const [begun, scoped, done, committed] = answers
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
  checkout.scope = setting
  return done?.status === 'fulfilled' ? done.value.rows : []
}
