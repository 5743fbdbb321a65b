/** How the command line speaks: sentences on standard error, results on standard output, colour only on a terminal. */
const colourful = process.stderr.isTTY === true && process.env.NO_COLOR === undefined
const paint =
  (code: number) =>
  (text: string): string =>
    colourful ? `\u001b[${code}m${text}\u001b[0m` : text
export const bold = paint(1)
export const faint = paint(2)
export const red = paint(31)
export const green = paint(32)
export const ochre = paint(33)

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** The result of a command: one JSON object with `--json`, or lines for people. */
export function give(json: boolean, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
  )
}

/** Exit codes, as sysexits names them where it has a name. */
export const EXIT = { fine: 0, problems: 1, usage: 64, data: 65, unavailable: 69, refused: 73 } as const
