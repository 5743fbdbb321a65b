import type { Problem } from './problem.ts'

/**
 * Tables as text (RFC 4180), read as a stranger wrote them and written so that a spreadsheet does no harm with
 * them. Every cell knows its line and column, so that whatever is wrong with it can be found.
 */
export type Cell = { readonly text: string; readonly line: number; readonly column: number }
export type Row = { readonly line: number; readonly cells: readonly Cell[] }
export type Sheet = { readonly header: Row; readonly rows: readonly Row[]; readonly delimiter: string }
export type SheetRead =
  | { readonly ok: true; readonly sheet: Sheet }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const CSV_ROWS_MAX = 50_000
const CSV_CHARACTERS_MAX = 50_000_000
const CELL_MAX = 10_000
const DELIMITERS = [',', ';', '\t'] as const
const TOLD_MAX = 100

export const csvProblem = (code: string, line: number, column: number, message: string): Problem => ({
  code,
  severity: 'error',
  path: `${line}:${column}`,
  message,
})

/** Reads the whole table, or tells everything that keeps it from being one. */
export function readCsv(text: string): SheetRead {
  if (text.length > CSV_CHARACTERS_MAX)
    return refused(csvProblem('too_large', 1, 1, 'The file is larger than 50 million characters. Split it.'))
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const delimiter = delimiterOf(body)
  const problems: Problem[] = []
  const rows = rowsOf(body, delimiter, (problem) => problems.push(problem))
  const [header, ...rest] = rows
  if (!header)
    problems.push(csvProblem('empty', 1, 1, 'The file is empty. Its first line names the columns.'))
  for (const row of rest)
    if (header && row.cells.length !== header.cells.length)
      problems.push(
        csvProblem(
          'width',
          row.line,
          1,
          `This row has ${row.cells.length} cells, the first line ${header.cells.length}. A cell that holds "${delimiter === '\t' ? 'a tab' : delimiter}" needs double quotes around it.`,
        ),
      )
  if (rest.length > CSV_ROWS_MAX)
    problems.push(
      csvProblem(
        'too_many',
        CSV_ROWS_MAX + 2,
        1,
        `The file has ${rest.length} rows; at most ${CSV_ROWS_MAX} at once. Split it.`,
      ),
    )
  if (header && problems.length === 0) return { ok: true, sheet: { header, rows: rest, delimiter } }
  return { ok: false, problems: problems.slice(0, TOLD_MAX) }
}

const refused = (problem: Problem): SheetRead => ({ ok: false, problems: [problem] })

/** Whichever divides the first line most often; quotes are respected. */
function delimiterOf(text: string): string {
  let quoted = false
  const counts = new Map<string, number>()
  for (const character of text) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) break
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return DELIMITERS.reduce((best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best))
}

function rowsOf(text: string, delimiter: string, tell: (problem: Problem) => void): Row[] {
  const rows: Row[] = []
  let cells: Cell[] = []
  let at = 0
  let line = 1
  let lineStart = 0
  let rowLine = 1
  const endRow = (): void => {
    // A line without anything on it is no row.
    if (cells.length > 1 || cells[0]?.text !== '') rows.push({ line: rowLine, cells })
    cells = []
  }
  while (at < text.length) {
    const place = { line, column: at - lineStart + 1 }
    let content = ''
    if (text[at] === '"') {
      const end = endOfQuoted(text, at)
      if (end === -1) {
        tell(
          csvProblem(
            'unclosed',
            place.line,
            place.column,
            'This cell begins with a double quote that is never closed.',
          ),
        )
        return rows
      }
      content = text.slice(at + 1, end).replaceAll('""', '"')
      for (
        let index = text.indexOf('\n', at);
        index !== -1 && index < end;
        index = text.indexOf('\n', index + 1)
      ) {
        line += 1
        lineStart = index + 1
      }
      at = end + 1
      if (at < text.length && !isEnd(text[at]!, delimiter)) {
        tell(
          csvProblem(
            'quote',
            line,
            at - lineStart + 1,
            'Something follows after the closing double quote. A quote inside a cell is written twice ("").',
          ),
        )
        while (at < text.length && !isEnd(text[at]!, delimiter)) at += 1
      }
    } else {
      const from = at
      while (at < text.length && !isEnd(text[at]!, delimiter)) at += 1
      content = text.slice(from, at)
    }
    if (content.length > CELL_MAX)
      tell(
        csvProblem(
          'too_long',
          place.line,
          place.column,
          `A cell holds at most ${CELL_MAX} characters; this one has ${content.length}.`,
        ),
      )
    cells.push({ text: content, ...place })
    if (text[at] === delimiter) {
      at += 1
      if (at === text.length) cells.push({ text: '', line, column: at - lineStart + 1 })
      continue
    }
    endRow()
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    at += 1
    line += 1
    lineStart = at
    rowLine = line
  }
  if (cells.length > 0) endRow()
  return rows
}

const isEnd = (character: string, delimiter: string): boolean =>
  character === delimiter || character === '\n' || character === '\r'

/** The closing quote of a cell that begins here; a doubled one is part of the text. */
function endOfQuoted(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at
  return -1
}

/** A cell beginning like this would be computed by a spreadsheet, whoever wrote it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/

/** One table as text: CRLF, quotes where they are needed, and no cell that a spreadsheet would run. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Takes back what `writeCsv` put before a formula, so that an export can be imported again. */
export const plainCell = (text: string): string =>
  (/^'[=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text).trim()
