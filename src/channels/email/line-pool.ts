import { SmtpLine, type SmtpServer } from './smtp-line.ts'

/**
 * The lines to one mail server: at most `linesMax` at a time, kept some seconds for the next letter. Whoever finds
 * all of them busy waits in line, and leaves when its signal aborts.
 */
export type LinePool = {
  /** A line, kept or fresh, for the caller alone; null when the signal aborted first. */
  take(signal: AbortSignal): Promise<SmtpLine | null>
  /** Gives a line back: kept if it is still good. */
  give(line: SmtpLine): void
  /** A fresh one in place of a line that turned out to be dead. */
  replace(line: SmtpLine): SmtpLine
  close(): void
}

const IDLE_MS = 5_000
export const LINES_MAX = 10

export function linePool(server: SmtpServer): LinePool {
  const linesMax = server.linesMax ?? LINES_MAX
  const idle: { readonly line: SmtpLine; readonly timer: NodeJS.Timeout }[] = []
  const waiting: (() => void)[] = []
  let taken = 0

  function drop(line: SmtpLine): void {
    const index = idle.findIndex((one) => one.line === line)
    if (index >= 0) clearTimeout(idle.splice(index, 1)[0]?.timer)
    line.close()
  }

  function keptOrFresh(): SmtpLine {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.timer)
      if (!kept.line.broken) return kept.line
      kept.line.close()
    }
    return new SmtpLine(server)
  }

  function turn(signal: AbortSignal): Promise<boolean> {
    if (taken < linesMax) {
      taken += 1
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const called = (): void => {
        signal.removeEventListener('abort', gone)
        resolve(true)
      }
      const gone = (): void => {
        const index = waiting.indexOf(called)
        if (index >= 0) waiting.splice(index, 1)
        resolve(false)
      }
      waiting.push(called)
      signal.addEventListener('abort', gone, { once: true })
    })
  }

  return {
    take: async (signal) => ((await turn(signal)) ? keptOrFresh() : null),
    give(line) {
      if (line.broken) line.close()
      else {
        const timer = setTimeout(() => drop(line), IDLE_MS)
        timer.unref()
        idle.push({ line, timer })
      }
      const next = waiting.shift()
      if (next) next()
      else taken -= 1
    },
    replace(line) {
      line.close()
      return new SmtpLine(server)
    },
    close() {
      for (const { line } of [...idle]) drop(line)
    },
  }
}
