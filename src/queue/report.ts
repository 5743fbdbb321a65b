import { performance } from 'node:perf_hooks'
import { SECOND_MS } from '../core/time/instant.ts'
import type { Pace } from './pace.ts'
import type { WorkerReport } from './supervisor.ts'
import type { Worker } from './worker.ts'

const REPORT_EVERY_MS = SECOND_MS

/**
 * A worker process tells its supervisor how busy it is: the share of its seats that is taken, of its event loop's time
 * or of one core, whichever is most. Gives the function that ends it. Without a supervisor it tells nobody.
 */
export function reportToSupervisor(worker: Pick<Worker, 'stats'>, pace?: Pace): () => void {
  let before = performance.eventLoopUtilization()
  let cpuBefore = process.cpuUsage()
  let at = performance.now()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const cpu = process.cpuUsage(cpuBefore)
    const tookMs = performance.now() - at
    const cores = (cpu.user + cpu.system) / 1_000 / Math.max(1, tookMs)
    cpuBefore = process.cpuUsage()
    at += tookMs
    const { turns, sends, seatsTaken } = worker.stats
    const report: WorkerReport = {
      is: 'report',
      pid: process.pid,
      busyShare: Math.max(utilization, seatsTaken, Math.min(1, cores)),
      cores,
      turns,
      sends,
    }
    pace?.hear({ pid: report.pid, busyShare: report.busyShare, done: turns + sends }, at)
    if (process.connected) process.send?.(report, undefined, undefined, () => undefined)
  }, REPORT_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
