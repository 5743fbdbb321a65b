import { type ChildProcess, fork } from 'node:child_process'
import { SECOND_MS } from '../core/time/instant.ts'
import type { Log } from '../ports.ts'

/**
 * Worker processes of this machine: started, drained, stopped and started again for real. It knows how many there
 * should be and nothing of their work; who decides the number is platform/scaling.ts. A child that crashes comes
 * back, at first at once and then less and less often, without end. When this process dies, its children hear the
 * channel close, drain and end (cli/told-to-stop.ts); one that was being drained is never started again.
 */
export type Supervisor = {
  /** From now on there should be so many. Resolves when those too many have drained or were ended. */
  scale(wanted: number): Promise<void>
  readonly running: number
  readonly restarts: number
  /** Mean of what the children last told; 0 while none has. */
  busyShare(): number
  reports(): readonly WorkerReport[]
  stop(): Promise<void>
}

/** What a worker process tells its supervisor once a second. */
export type WorkerReport = {
  readonly is: 'report'
  readonly pid: number
  /** Share of the seats taken, of the event loop's time or of a core, whichever is most. */
  readonly busyShare: number
  /** Cores its threads took since the last report. */
  readonly cores: number
  readonly turns: number
  readonly sends: number
}

export type SupervisorOptions = {
  /** The program's entry; it is started with WEDSYNC_ROLE=worker. */
  readonly entry: string | URL
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly drainMs?: number
}

const RESTART_FIRST_MS = 100
const RESTART_MAX_MS = 10 * SECOND_MS
/** One that lived this long was well: its next restart is quick again. */
const WELL_AFTER_MS = 60 * SECOND_MS
/** A little longer than a worker takes to drain; after it the process is ended, and its leases lapse. */
export const STOP_WITHIN_MS = 35 * SECOND_MS

type Slot = {
  readonly name: number
  child: ChildProcess | null
  leaving: boolean
  delayMs: number
  timer: NodeJS.Timeout | null
  report: WorkerReport | null
  gone: Promise<void>
}

export function superviseWorkers(options: SupervisorOptions): Supervisor {
  const { log } = options
  const slots: Slot[] = []
  let names = 0
  let restarts = 0

  function start(slot: Slot): void {
    slot.timer = null
    const startedAt = performance.now()
    const child = fork(options.entry, options.args ?? [], {
      env: { ...options.env, WEDSYNC_ROLE: 'worker', WEDSYNC_SLOT: String(slot.name) },
      // A Ctrl-C of the terminal reaches only us: children are drained in order.
      detached: true,
    })
    slot.child = child
    slot.gone = new Promise((resolve) => {
      const over = (why: string): void => {
        if (slot.child !== child) return
        slot.child = null
        slot.report = null
        resolve()
        if (!slot.leaving) startAgain(slot, why, performance.now() - startedAt)
      }
      child.once('exit', (code, signal) => over(signal ?? `code ${code ?? 0}`))
      child.once('error', (error) => over(error.message))
    })
    child.on('message', (message) => {
      if (isReport(message)) slot.report = message
    })
  }

  function startAgain(slot: Slot, why: string, livedMs: number): void {
    restarts += 1
    slot.delayMs = livedMs > WELL_AFTER_MS ? RESTART_FIRST_MS : Math.min(slot.delayMs * 2, RESTART_MAX_MS)
    log.error('a worker process ended by itself and is started again', {
      slot: slot.name,
      why,
      inMs: slot.delayMs,
    })
    slot.timer = setTimeout(() => start(slot), slot.delayMs)
  }

  /** Told to drain; ended when it takes too long. What it had in hand is found by the others. */
  async function end(slot: Slot): Promise<void> {
    slot.leaving = true
    if (slot.timer) clearTimeout(slot.timer)
    const { child } = slot
    if (child === null) return
    if (child.connected) child.send({ stop: true }, () => undefined)
    else child.kill('SIGTERM')
    const timer = setTimeout(() => {
      log.warn('a worker process did not drain in time and is ended', { slot: slot.name, pid: child.pid })
      child.kill('SIGKILL')
    }, options.drainMs ?? STOP_WITHIN_MS)
    await slot.gone
    clearTimeout(timer)
  }

  async function scale(wanted: number): Promise<void> {
    while (slots.length < wanted) {
      names += 1
      const slot: Slot = {
        name: names,
        child: null,
        leaving: false,
        delayMs: RESTART_FIRST_MS / 2,
        timer: null,
        report: null,
        gone: Promise.resolve(),
      }
      slots.push(slot)
      start(slot)
    }
    // The youngest go first: the others are warm.
    await Promise.all(slots.splice(wanted).map(end))
  }

  const reports = (): WorkerReport[] => slots.flatMap((slot) => slot.report ?? [])
  return {
    scale,
    get running() {
      return slots.filter((slot) => slot.child !== null).length
    },
    get restarts() {
      return restarts
    },
    busyShare() {
      const told = reports()
      return told.length === 0 ? 0 : told.reduce((sum, one) => sum + one.busyShare, 0) / told.length
    },
    reports,
    stop: () => scale(0),
  }
}

function isReport(message: unknown): message is WorkerReport {
  return typeof message === 'object' && message !== null && 'is' in message && message.is === 'report'
}
