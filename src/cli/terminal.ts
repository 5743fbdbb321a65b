/** How the command line speaks: sentences on standard error, results on standard output, colour only on a terminal. */
const paint =
  (stream: NodeJS.WriteStream, code: number) =>
  (text: string): string =>
    mayColour(stream, process.env) ? `\u001b[${code}m${text}\u001b[0m` : text

/** As no-color.org asks: any word in NO_COLOR forbids it, and so does a terminal that knows no colours. */
export const mayColour = (
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): boolean => stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'

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
