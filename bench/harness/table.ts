import type { Machine } from './machine.ts'
import type { Line, Ratio, Spread } from './summary.ts'
import { idOf, type System } from './system.ts'

/** The same results for a person: one table a workload, medians first, the spread behind them. */
export function renderTables(
  machine: Machine,
  versions: Readonly<Record<string, string>>,
  systems: readonly System[],
  lines: readonly Line[],
  ratios: readonly Ratio[],
): string {
  const { cpu, cores, memoryGb, fsyncMs, loadBefore } = machine
  const parts = [
    `${cpu}, ${cores} cores, ${memoryGb} GB; a durable 8 kB write takes ${fsyncMs} ms; load before ${loadBefore.toFixed(2)}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ]
  for (const [workload, group] of Map.groupBy(lines, (line) => line.workload)) {
    parts.push('', workload.toUpperCase(), ...aligned(group.map((line) => row(line, ratios))))
  }
  const missing = systems.filter((system) => system.notRun !== undefined)
  if (missing.length > 0) parts.push('', 'NOT RUN', ...missing.map((s) => `${idOf(s)}: ${s.notRun}`))
  parts.push('', 'SETTINGS', ...systems.filter((s) => !s.notRun).map((s) => `${idOf(s)}: ${s.settings}`))
  return parts.join('\n')
}

function row(line: Line, ratios: readonly Ratio[]): string[] {
  const head = [line.system, `n=${line.size}`]
  if (line.is === 'cannot run') return [...head, `not run: ${firstLine(line.reason)}`]
  if (line.is === 'failed') return [...head, `NO FIGURE: ${firstLine(line.reason)}`]
  const figures = Object.entries(line.figures)
    .filter(([name]) => !SIZES.has(name))
    .map(([name, spread]) => `${name} ${readable(spread)}`)
  const ratio = ratios.find((r) => r.other === line.system && r.workload === line.workload)
  return [...head, ...figures, ratio ? `ours ×${ratio.times.toPrecision(3)}` : '']
}
const SIZES = new Set(['steps', 'timers', 'runs', 'effects'])

const readable = ({ median, min, max }: Spread): string =>
  min === max ? short(median) : `${short(median)} (${short(min)}–${short(max)})`
const short = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
const firstLine = (text: string): string => text.split('\n', 1)[0]!

function aligned(rows: readonly string[][]): string[] {
  const widths: number[] = []
  for (const cells of rows) {
    // A reason is as long as it is; it ends its row and pushes no column.
    for (const [i, cell] of cells.entries()) {
      if (!/^(not run|NO FIGURE):/.test(cell)) widths[i] = Math.max(widths[i] ?? 0, cell.length)
    }
  }
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
