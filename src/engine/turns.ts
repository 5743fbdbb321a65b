import type { RunId } from '../core/ids.ts'
import type { Graph } from '../core/journey/graph.ts'
import { advance } from '../core/run/advance.ts'
import { bandOf } from '../core/run/band.ts'
import type { Effect } from '../core/run/effect.ts'
import type { RunEvent } from '../core/run/event.ts'
import { patchView } from '../core/run/patch-view.ts'
import { isFinished, type Run, type RunState } from '../core/run/run.ts'
import type { View } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import { BANDS } from '../core/wedding/priority.ts'
import type { Sql } from '../ports.ts'
import type { RunRef } from '../store/refs.ts'
import { type RunRow, readInboxes, type SavedRun } from '../store/runs.ts'
import type { ClientRow } from '../store/views.ts'
import type { Engine } from './engine.ts'
import type { KnownVendor } from './vendor-views.ts'
import { loadViews } from './views.ts'

/** What a run needs to take turns. */
export type Turnable = {
  readonly row: RunRow
  readonly run: Run
  readonly graph: Graph
  readonly view: View
  /** Letters to read, in order of arrival. */
  readonly letters: readonly { readonly seq: number; readonly event: RunEvent }[]
}
/** A run as it was read. */
export type Loaded = Turnable & {
  readonly vendor: KnownVendor
  /** How many capped messages of its client were planned when it was read. */
  readonly capped: number
}

/** A run after its turns, not yet saved. */
export type Taken<From extends Turnable = Loaded> = {
  readonly loaded: From
  readonly after: Run
  readonly view: View
  readonly due: Instant | null
  readonly effects: readonly Effect[]
  readonly log: SavedRun['log']
}

export function runOf(row: RunRow): Run {
  return {
    id: row.run_id,
    vendor: row.vendor_id,
    client: row.client_id,
    wedding: row.wedding_id,
    journey: row.journey_id,
    version: row.version,
    status: row.status,
    state: JSON.parse(row.state) as RunState,
  }
}

/** Reads everything turns need for these rows: graphs, views and letters, each in one statement for the batch. */
export async function loadRuns(
  engine: Engine,
  sql: Sql,
  now: Instant,
  rows: readonly RunRow[],
  clients?: readonly ClientRow[],
): Promise<Loaded[]> {
  const graphs = await Promise.all(
    rows.map((row) => engine.graphs.find(sql, row.vendor_id, row.journey_id, row.version)),
  )
  const withMail = rows
    .filter((row) => row.inbox > 0)
    .map((row): RunRef => ({ vendor: row.vendor_id, run: row.run_id }))
  const [views, mail] = await Promise.all([
    loadViews(
      engine,
      sql,
      now,
      rows.map((row, index) => ({
        vendor: row.vendor_id,
        client: row.client_id,
        graph: graphs[index] ?? null,
      })),
      clients,
    ),
    readInboxes(sql, withMail),
  ])
  const letters = new Map<RunId, { seq: number; event: RunEvent }[]>()
  for (const one of mail) {
    const letter = { seq: one.seq, event: JSON.parse(one.event) as RunEvent }
    const list = letters.get(one.run_id)
    if (list) list.push(letter)
    else letters.set(one.run_id, [letter])
  }
  return rows.map((row, index) => ({
    row,
    run: runOf(row),
    graph: graphs[index]!,
    view: views.of(row.client_id),
    vendor: views.vendor(row.client_id),
    capped: views.row(row.client_id).capped,
    letters: letters.get(row.run_id) ?? [],
  }))
}

/** Lets a run read its letters and nothing else. */
export const readLetters = <From extends Turnable>(loaded: From, now: Instant): Taken<From> =>
  turnsOf(loaded, now, [], false)

/**
 * Lets a run read its letters, then what is handed in, then the clock. An event's own moment may lie before
 * now; the turn happens now, so that no step is planned into the past by a late letter.
 */
export const takeTurns = <From extends Turnable>(
  loaded: From,
  now: Instant,
  handed: readonly RunEvent[],
): Taken<From> => turnsOf(loaded, now, handed, true)

function turnsOf<From extends Turnable>(
  loaded: From,
  now: Instant,
  handed: readonly RunEvent[],
  thenDue: boolean,
): Taken<From> {
  let { run, view } = loaded
  let due = loaded.row.due_at
  const effects: Effect[] = []
  const log: { event: string; because: string }[] = []
  const take = (event: RunEvent): void => {
    const turn = advance(loaded.graph, run, event, view)
    run = turn.after
    due = turn.due
    for (const effect of turn.effects) {
      effects.push(effect)
      view = patchView(view, effect)
    }
    log.push({ event: JSON.stringify(event), because: JSON.stringify(turn.because) })
  }
  for (const letter of loaded.letters) take({ ...letter.event, at: now })
  for (const event of handed) take({ ...event, at: now })
  if (thenDue && !isFinished(run.status) && due !== null && due <= now) take({ is: 'due', at: now })
  return { loaded, after: run, view, due, effects, log }
}

export function savedRunOf(taken: Taken, now: Instant): SavedRun {
  const { loaded, after, due, log } = taken
  return {
    vendor: after.vendor,
    run: after.id,
    seen: loaded.row.rev,
    version: after.version,
    band: BANDS.indexOf(bandOf(due ?? now, taken.view, undefined)),
    due: savedDue(taken, now),
    status: after.status,
    state: JSON.stringify(after.state),
    log,
  }
}

/** Still due is still due: a run at work keeps its moment, so that no index need be written at every step. */
export function savedDue({ loaded, due }: Taken<Turnable>, now: Instant): Instant | null {
  const before = loaded.row.due_at
  return due !== null && before !== null && due <= now && before <= now ? before : due
}
