import type { Instant } from '../core/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import type { AttemptResult } from '../modules/runner.ts'
import type { Db, Sql } from '../ports.ts'

/**
 * The engine as it would have been some months ago: the very same code over one transaction, with a clock that is
 * moved by hand and letters that are written and go nowhere. Nobody else sees any of it before the transaction ends,
 * so that no worker can find its past due.
 */
export type PastEngine = { readonly engine: Engine; moveTo(at: Instant): void }

export function engineInThePast(
  engine: Engine,
  sql: Sql,
  from: Instant,
  answer: (job: Parameters<Engine['senders']['send']>[0]) => AttemptResult,
): PastEngine {
  let now = from
  const db: Db = {
    tx: (_name, _scope, work) => work(sql),
    read: (_name, _scope, work) => work(sql),
    one: (_name, _scope, text, ...values) => sql(text, ...values),
  }
  return {
    moveTo(at) {
      if (at > now) now = at
    },
    engine: {
      ...engine,
      db,
      clock: { now: () => now, uncertaintyMs: () => 0, sleepUntil: async () => undefined },
      doorbell: { ring: () => undefined, onRing: () => () => undefined },
      bus: { publish: () => undefined },
      senders: {
        prepare: (job) => engine.senders.prepare(job),
        provider: () => ({ name: 'sample', keyWindowMs: null, timeoutMs: 1_000 }),
        send: async (job) => answer(job),
      },
    },
  }
}
