import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What this process tells about itself, in Prometheus' words. No label names a vendor or a couple. */
export type Metrics = {
  observeTransaction(name: string, ms: number, failed: boolean): void
  /** Reads the worker's counters at each scrape. */
  watchWorker(
    stats: () => { turns: number; sends: number; rings: number; sweeps: number; shards: readonly number[] },
  ): void
  text(): Promise<string>
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
    text: () => registry.metrics(),
  }
}
