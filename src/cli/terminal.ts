/** How the command line speaks: sentences on standard error, results on standard output, colour only on a terminal. */
const paint =
  (stream: NodeJS.WriteStream, code: number) =>
  (text: string): string =>
    stream.isTTY === true && process.env.NO_COLOR === undefined ? `\u001b[${code}m${text}\u001b[0m` : text
export const bold = paint(process.stderr, 1)
export const faint = paint(process.stderr, 2)
export const red = paint(process.stderr, 31)
export const green = paint(process.stderr, 32)
export const ochre = paint(process.stderr, 33)

/** The same for what goes to standard output, which may be a file while the other is a terminal. */
export const onOutput = {
  bold: paint(process.stdout, 1),
  faint: paint(process.stdout, 2),
  red: paint(process.stdout, 31),
  green: paint(process.stdout, 32),
  ochre: paint(process.stdout, 33),
}

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The result of a command: one JSON value with `--json`, or lines for people. */
export function give(json: boolean | undefined, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
  )
}

/** Exit codes, as sysexits names them where it has a name. */
export const EXIT = { fine: 0, problems: 1, usage: 64, data: 65, unavailable: 69, refused: 73 } as const

/** Columns as wide as their widest cell. The last one is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

export const size = (bytes: number): string =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`

const TELL_AFTER_MS = 1_000
const TELL_EVERY_MS = { terminal: 100, file: 2_000 }

export type Progress = { to(done: number, total?: number): void; end(): void }

/** From the pace so far; while nothing is done nobody knows. */
function leftOf(done: number, total: number | undefined, seconds: number): string {
  if (total === undefined || done <= 0 || done >= total) return ''
  return ` · about ${Math.max(1, Math.ceil((seconds / done) * (total - done)))} s left`
}

/** Counts and rate on standard error, for whatever takes longer than a second; nothing for what does not. */
export function progress(what: string): Progress {
  const startedAt = performance.now()
  const { isTTY } = process.stderr
  let toldAt = startedAt + TELL_AFTER_MS - TELL_EVERY_MS.terminal
  let told = false
  const write = (done: number, total: number | undefined): void => {
    const seconds = (performance.now() - startedAt) / 1_000
    const rate = Math.round(done / Math.max(seconds, 0.001)).toLocaleString('en')
    const of = total === undefined ? '' : ` of ${total.toLocaleString('en')}`
    const line = `${what}: ${done.toLocaleString('en')}${of} · ${rate}/s · ${seconds.toFixed(0)} s${leftOf(done, total, seconds)}`
    process.stderr.write(isTTY ? `\r\u001b[K${faint(line)}` : `${line}\n`)
    told = true
  }
  return {
    to(done, total) {
      const now = performance.now()
      if (now - toldAt < (isTTY || !told ? TELL_EVERY_MS.terminal : TELL_EVERY_MS.file)) return
      toldAt = now
      write(done, total)
    },
    end() {
      if (told && isTTY) process.stderr.write('\r\u001b[K')
    },
  }
}
