import { performance } from 'node:perf_hooks'
import { SECOND_MS } from '../core/time/instant.ts'
import type { WorkerReport } from './supervisor.ts'
import type { Worker } from './worker.ts'

const REPORT_EVERY_MS = SECOND_MS

/**
 * A worker process tells its supervisor how busy it is: the share of its seats that is taken, or of its event loop's
 * time, whichever is more. Gives the function that ends it. Without a supervisor it tells nobody.
 */
export function reportToSupervisor(worker: Pick<Worker, 'stats'>): () => void {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const { turns, sends, seatsTaken } = worker.stats
    const report: WorkerReport = {
      is: 'report',
      pid: process.pid,
      busyShare: Math.max(utilization, seatsTaken),
      turns,
      sends,
    }
    if (process.connected) process.send?.(report, undefined, undefined, () => undefined)
  }, REPORT_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
