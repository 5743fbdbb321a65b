import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Operating } from './operating.ts'
import { operatingMetrics } from './operating-metrics.ts'

/** What this process tells about itself, in Prometheus' words. No label names a vendor or a couple. */
export type Metrics = {
  observeTransaction(name: string, ms: number, failed: boolean): void
  /** Reads the worker's counters at each scrape. */
  watchWorker(
    stats: () => { turns: number; sends: number; rings: number; sweeps: number; shards: readonly number[] },
  ): void
  /** Reads the supervisor's counters at each scrape. */
  watchWorkers(workers: () => WorkersNow): void
  /** Counts a decision about the number of workers, under each of its reasons. */
  decided(decision: {
    readonly from: number
    readonly to: number
    readonly reasons: readonly { code: string }[]
  }): void
  /** Asks how the house is at each scrape. */
  watchOperating(read: () => Promise<Operating>): void
  text(): Promise<string>
}

/** `wanted` is what a cluster's autoscaler would follow. */
export type WorkersNow = {
  readonly wanted: number
  readonly running: number
  readonly restarts: number
  readonly busyShare: number
  readonly cores: number
}

const WORKERS_TOLD: { readonly [Name in keyof WorkersNow]: readonly [metric: string, help: string] } = {
  wanted: ['wedsync_workers_wanted', 'Worker processes there should be on this machine'],
  running: ['wedsync_workers_running', 'Worker processes there are on this machine'],
  restarts: ['wedsync_workers_restarts', 'Worker processes that ended by themselves and were started again'],
  busyShare: ['wedsync_workers_busy_share', 'Mean share of the workers that is taken, 0 to 1'],
  cores: ['wedsync_workers_cores', 'Cores that all worker processes took in the last second'],
}

export function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'wedsync_process_' })
  const transactions = new Histogram({
    name: 'wedsync_transaction_seconds',
    help: 'Duration of database transactions by name, waiting for a connection included',
    labelNames: ['name', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const decisions = new Counter({
    name: 'wedsync_scaling_decisions_total',
    help: 'Decisions about the number of worker processes, by direction and reason',
    labelNames: ['direction', 'reason'],
    registers: [registry],
  })
  let refresh = async (): Promise<void> => undefined
  return {
    observeTransaction: (name, ms, failed) =>
      transactions.observe({ name, outcome: failed ? 'failed' : 'done' }, ms / 1000),
    watchWorker(stats) {
      for (const name of ['turns', 'sends', 'rings', 'sweeps'] as const) {
        let told = 0
        const counter = new Counter({
          name: `wedsync_worker_${name}_total`,
          help: `${name} of the worker in this process`,
          registers: [registry],
          collect: () => {
            const current = stats()[name]
            counter.inc(current - told)
            told = current
          },
        })
      }
      new Gauge({
        name: 'wedsync_worker_shards',
        help: 'Shards this worker owns',
        registers: [registry],
        collect() {
          this.set(stats().shards.length)
        },
      })
    },
    watchWorkers(workers) {
      for (const [name, [metric, help]] of Object.entries(WORKERS_TOLD))
        new Gauge({
          name: metric,
          help,
          registers: [registry],
          collect() {
            this.set(workers()[name as keyof WorkersNow])
          },
        })
    },
    decided({ from, to, reasons }) {
      const direction = to > from ? 'up' : to < from ? 'down' : 'stay'
      for (const { code } of reasons) decisions.inc({ direction, reason: code })
    },
    watchOperating(read) {
      const tell = operatingMetrics(registry)
      refresh = async () => tell(await read())
    },
    async text() {
      // Without its database this process still tells about itself.
      await refresh().catch(() => undefined)
      return registry.metrics()
    },
  }
}
