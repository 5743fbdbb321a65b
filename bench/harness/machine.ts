import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median } from './timing.ts'

/** What a figure depends on besides the program. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  /** Median of one 8 kB write made durable: the floor under every commit. */
  readonly fsyncMs: number
  /** One-minute load before the first measurement. Above a fraction of the cores, others were at work. */
  readonly loadBefore: number
}

export function machineFacts(scratch: string): Machine {
  const cpus = os.cpus()
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    fsyncMs: measureFsync(scratch),
    loadBefore: os.loadavg()[0] ?? 0,
  }
}

function measureFsync(scratch: string): number {
  const file = path.join(scratch, 'fsync-probe')
  const handle = openSync(file, 'w')
  const page = Buffer.alloc(8_192, 1)
  const times = Array.from({ length: 101 }, () => {
    const from = performance.now()
    writeSync(handle, page)
    fdatasyncSync(handle)
    return performance.now() - from
  })
  closeSync(handle)
  rmSync(file)
  return Number(median(times).toFixed(3))
}
