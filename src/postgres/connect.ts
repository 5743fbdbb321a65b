import type { Db, Log, Scope, Sql } from '../ports.ts'
import { watchNesting } from '../store/nesting.ts'
import { vendorIdsSetting } from '../store/scope.ts'
import { openClient, type Target } from './client.ts'
import {
  ACQUIRE_TIMEOUT_MS,
  type Checkout,
  CONNECTIONS_MAX,
  CUT_AFTER_MS,
  makePool,
  type PoolBounds,
  type PoolStats,
} from './pool.ts'
import { readOnly, transact, transactOne } from './transaction.ts'

/**
 * The database of the product: transactions over a bounded pool of pipelined connections. Since `one` sends its
 * COMMIT along, a line lost during it is a CommitUnknown even when the statement only read.
 */
export interface PostgresDb extends Db {
  stats(): PoolStats
  close(): Promise<void>
}

export type DbOptions = Partial<PoolBounds> & {
  readonly log: Log
  /** Shown by the server as the connection's name. */
  readonly name?: string
  /** Told after each transaction: how long it took with its wait for a connection, and whether it failed. */
  readonly observe?: (name: string, ms: number, failed: boolean) => void
}

/** Opens no connection yet; the first transaction does. */
export function openDb(target: Target, options: DbOptions): PostgresDb {
  const pool = makePool(
    () => openClient(target, 'pooled', options.name),
    {
      connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
      acquireTimeoutMs: options.acquireTimeoutMs ?? ACQUIRE_TIMEOUT_MS,
      cutAfterMs: options.cutAfterMs ?? CUT_AFTER_MS,
    },
    options.log,
  )
  const nesting = watchNesting()

  async function withConnection<T>(
    name: string,
    scope: Scope,
    use: (checkout: Checkout, setting: string) => Promise<T>,
  ): Promise<T> {
    nesting.refuseInside(name)
    const setting = vendorIdsSetting(scope)
    const startedAt = performance.now()
    let failed = true
    try {
      const checkout = await pool.acquire(setting)
      try {
        const result = await use(checkout, setting)
        failed = false
        return result
      } finally {
        pool.release(sound(checkout))
      }
    } finally {
      options.observe?.(name, performance.now() - startedAt, failed)
    }
  }

  return {
    tx: <T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>) =>
      withConnection(name, scope, (checkout, setting) =>
        transact(checkout, name, setting, (sql) => nesting.run(name, () => work(sql))),
      ),
    read: <T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>) =>
      withConnection(name, scope, (checkout, setting) =>
        (checkout.scope === setting ? readOnly : transact)(checkout, name, setting, (sql) =>
          nesting.run(name, () => work(sql)),
        ),
      ),
    one: <Row>(name: string, scope: Scope, text: TemplateStringsArray, ...values: readonly unknown[]) =>
      withConnection(name, scope, (checkout, setting) =>
        transactOne<Row>(checkout, name, setting, text, values),
      ),
    stats: pool.stats,
    close: pool.close,
  }
}

/** A connection that is not idle when it comes back would carry one vendor's scope into the next transaction. */
function sound(checkout: Checkout): Checkout {
  const status = checkout.client.getTransactionStatus()
  if (status !== 'I')
    checkout.broken ??= new Error(`The connection came back in state ${status ?? 'unknown'}.`)
  return checkout
}
