import type { Graph } from '../journey/graph.ts'
import { advance, begin } from './advance.ts'
import type { Decision } from './decision.ts'
import type { OutsideEvent } from './event.ts'
import type { LogRow } from './log-row.ts'
import type { Run } from './run.ts'
import type { View } from './view.ts'

/**
 * The log's events once more, from nothing: the present state must come out, and the same decisions. A run of
 * which that is not true was written by another version of the engine, or by somebody's hand.
 */
export type Replayed = {
  readonly run: Run
  /** The first line whose decisions come out differently; null when the whole log is reproduced. */
  readonly differs: {
    readonly rev: number
    readonly logged: readonly Decision[]
    readonly replayed: readonly Decision[]
  } | null
  /** Lines that no event made (a migration, an undone command) end a replay: what follows begins elsewhere. */
  readonly stoppedAt: number | null
}

/**
 * `viewAt` gives what was known when a line was written; `startedBy` is the event the run began with, which the
 * log's first line only names.
 */
export function replay(
  graph: Graph,
  identity: Omit<Run, 'status' | 'state'>,
  log: readonly LogRow[],
  viewAt: (row: LogRow) => View,
  startedBy: OutsideEvent | null = null,
): Replayed {
  const [first, ...rest] = log
  if (first?.event.is !== 'started')
    throw new Error('a log begins with the line that tells the beginning of its run')
  const beginning = begin(graph, identity, startedBy, first.at, viewAt(first), first.event.chosen)
  let run = beginning.after
  let differs = difference(first, beginning.because)
  for (const row of rest) {
    const { event } = row
    if (event.is === 'started' || event.is === 'migrated' || event.is === 'undone')
      return { run, differs, stoppedAt: row.rev }
    const turn = advance(graph, run, event, viewAt(row))
    run = turn.after
    differs ??= difference(row, turn.because)
  }
  return { run, differs, stoppedAt: null }
}

function difference(row: LogRow, replayed: readonly Decision[]): Replayed['differs'] {
  return JSON.stringify(row.because) === JSON.stringify(replayed)
    ? null
    : { rev: row.rev, logged: row.because, replayed }
}
