import { faint } from './terminal.ts'

/**
 * Whatever takes longer than a second says how far it is, on standard error: on a terminal in one line that is
 * rewritten, elsewhere in lines at intervals. It ticks by itself, so that one long statement of the database is seen as
 * well; work that never lets go of the processor is seen by what it tells.
 */
/** `now`: what it is at, where it goes on to something else. */
export type Tell = (done: number, total?: number, now?: string) => void

const TELL_AFTER_MS = 1_000
const TELL_EVERY_MS = { terminal: 100, file: 2_000 }

/** Where it is written, and by which clock. */
export type Onlooker = {
  readonly isTerminal: boolean
  write(text: string): void
  dim(text: string): string
  nowMs(): number
  /** Gives how to end it. */
  every(ms: number, tick: () => void): () => void
}

const standardError: Onlooker = {
  isTerminal: process.stderr.isTTY === true,
  write: (text) => void process.stderr.write(text),
  dim: faint,
  nowMs: () => performance.now(),
  every(ms, tick) {
    const timer = setInterval(tick, ms).unref()
    return () => clearInterval(timer)
  },
}

export async function watched<T>(
  what: string,
  work: (tell: Tell) => T | Promise<T>,
  by: Onlooker = standardError,
): Promise<T> {
  const startedAt = by.nowMs()
  const everyMs = by.isTerminal ? TELL_EVERY_MS.terminal : TELL_EVERY_MS.file
  let [toldAt, isTold, doing] = [startedAt, false, what]
  let known: { readonly done: number; readonly total: number | undefined } | null = null
  const look = (): void => {
    const now = by.nowMs()
    if (now - startedAt < TELL_AFTER_MS || (isTold && now - toldAt < everyMs)) return
    ;[toldAt, isTold] = [now, true]
    const line = lineOf(doing, known, (now - startedAt) / 1_000)
    by.write(by.isTerminal ? `\r\u001b[K${by.dim(line)}` : `${line}\n`)
  }
  const stop = by.every(TELL_EVERY_MS.terminal, look)
  try {
    return await work((done, total, now = what) => {
      known = { done, total }
      doing = now
      look()
    })
  } finally {
    stop()
    if (isTold && by.isTerminal) by.write('\r\u001b[K')
  }
}

function lineOf(
  what: string,
  known: { readonly done: number; readonly total: number | undefined } | null,
  seconds: number,
): string {
  if (known === null) return `${what} · ${seconds.toFixed(0)} s`
  const rate = Math.round(known.done / seconds).toLocaleString('en')
  const of = known.total === undefined ? '' : ` of ${known.total.toLocaleString('en')}`
  return `${what}: ${known.done.toLocaleString('en')}${of} · ${rate}/s · ${seconds.toFixed(0)} s${leftOf(known.done, known.total, seconds)}`
}

/** From the pace so far; while nothing is done nobody knows. */
function leftOf(done: number, total: number | undefined, seconds: number): string {
  if (total === undefined || done <= 0 || done >= total) return ''
  return ` · about ${Math.max(1, Math.ceil((seconds / done) * (total - done)))} s left`
}
