import type { RunId, VendorId, WeddingId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { bandOf } from '../core/run/band.ts'
import type { Decision } from '../core/run/decision.ts'
import type { Command, RunEvent } from '../core/run/event.ts'
import { isFinished, type RunState } from '../core/run/run.ts'
import { type Instant, plusMs } from '../core/time/instant.ts'
import { BANDS } from '../core/wedding/priority.ts'
import type { Sql } from '../ports.ts'
import { answerApproval } from '../store/approvals.ts'
import type { GateRef } from '../store/asked.ts'
import {
  changedSince,
  insertAudit,
  insertCommands,
  reverseCommand,
  takeCommandUndo,
} from '../store/changes.ts'
import { lockWeddings } from '../store/clients.ts'
import { deliver, lockRuns, type RunRow, saveRuns } from '../store/runs.ts'
import { finishTask } from '../store/tasks.ts'
import { parkEffects } from '../store/withdrawals.ts'
import { mustBeTheirs, notTheirs } from './answering.ts'
import { UNDO_MS } from './change-details.ts'
import { commitTurns, tellOthers, withInboxesRead } from './commit.ts'
import type { Engine } from './engine.ts'
import { changed } from './replan-some.ts'
import { retrying } from './retrying.ts'
import { ringTouched } from './ring.ts'
import { loadRuns, runOf, type Taken, takeTurns } from './turns.ts'

/** Commands of a person for one run or many: each an event with an actor, obeyed or refused, recorded, undoable. */
export type CommandResult =
  | {
      readonly run: RunId
      readonly is: 'obeyed'
      readonly command: string
      readonly because: readonly Decision[]
    }
  /** `theirs`: it waits for somebody with a higher role. */
  | { readonly run: RunId; readonly is: 'refused'; readonly why: string; readonly theirs?: true }

export async function command(
  engine: Engine,
  vendor: VendorId,
  runs: readonly RunId[],
  wanted: Command,
  by: string,
): Promise<CommandResult[]> {
  const results = await retrying(engine, () =>
    engine.db.tx('control.command', { vendors: [vendor] }, (sql) =>
      commandIn(engine, sql, vendor, runs, wanted, by),
    ),
  )
  ringTouched(
    engine,
    results.filter((one) => one.is === 'obeyed').map((one) => one.run),
  )
  return results
}

export async function commandIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
  wanted: Command,
  by: string,
): Promise<CommandResult[]> {
  const now = engine.clock.now()
  const held = await lockRuns(
    sql,
    runs.map((run) => ({ vendor, run })),
  )
  const rows = await withInboxesRead(engine, sql, now, held)
  const loaded = await loadRuns(engine, sql, now, rows)
  const event: RunEvent = { is: 'commanded', at: now, by, command: wanted }
  const taken = loaded.map((one) => takeTurns(one, now, [event]))
  const forOthers = await notTheirs(sql, vendor, ANSWERS.has(wanted.do) ? taken.flatMap(closedBy) : [], by)
  const obeyed = taken.filter((one) => refusalIn(one) === null && !forOthers.has(one.after.id))
  await commitTurns(engine, sql, now, obeyed)
  const records = obeyed.map((one) => ({
    command_id: engine.rng.uuid7(now),
    run_id: one.after.id,
    at: now,
    actor: by,
    command: wanted,
    outcome: 'obeyed',
    rev_after: one.loaded.row.rev + one.log.length,
    before: JSON.stringify({
      status: one.loaded.row.status,
      due: one.loaded.row.due_at,
      version: one.loaded.row.version,
      state: one.loaded.row.state,
      calendar: one.loaded.view.vendor.calendarGeneration,
      beyond: beyondOf(one),
    } satisfies Kept),
  }))
  await insertCommands(sql, vendor, records)
  await insertAudit(
    sql,
    records.map((row) => ({
      vendor,
      id: engine.rng.uuid7(now),
      at: now,
      actor: by,
      action: `run.${wanted.do}`,
      subject: row.run_id,
      detail: {},
    })),
  )
  return runs.map((run): CommandResult => {
    const one = taken.find((candidate) => candidate.after.id === run)
    if (!one) return { run, is: 'refused', why: 'This run is not known here.' }
    const why = refusalIn(one)
    if (why !== null) return { run, is: 'refused', why }
    const whose = forOthers.get(run)
    if (whose !== undefined) return { run, is: 'refused', why: whose, theirs: true }
    return {
      run,
      is: 'obeyed',
      command: records.find((row) => row.run_id === run)!.command_id,
      because: decisionsOf(one),
    }
  })
}

/** To leave out or go past what waits for a person is an answer to it. Stopping the whole journey is none. */
const ANSWERS: ReadonlySet<Command['do']> = new Set(['skip', 'jump', 'decide'])
const closedBy = ({ after, effects }: Taken): GateRef[] =>
  effects.flatMap((one) =>
    one.do === 'close_approval' || one.do === 'close_task' ? [{ run: after.id, name: one.name }] : [],
  )

const decisionsOf = (taken: Taken): Decision[] =>
  taken.log.flatMap((line) => JSON.parse(line.because) as Decision[])

function refusalIn(taken: Taken): string | null {
  const refused = decisionsOf(taken).find(
    (one) =>
      one.code === 'ignored_event' &&
      (one.values?.command !== undefined || one.values?.event === 'commanded'),
  )
  if (!refused) return null
  return typeof refused.values?.why === 'string' ? refused.values.why : 'The run has ended.'
}

/** What is kept of a run for an undo. */
type Kept = {
  readonly status: RunRow['status']
  readonly due: Instant | null
  readonly version: number
  readonly state: string
  readonly calendar?: number
  readonly beyond?: readonly string[]
}

/** What a command has set off beside its own journey: others have heard of it, so that it does not go back with it. */
const beyondOf = ({ effects }: Taken): string[] =>
  effects.flatMap((effect) => {
    switch (effect.do) {
      case 'set_stage':
        return [`their stage is “${effect.stage}” now`]
      case 'add_tag':
        return [`they have the tag “${effect.tag}” now`]
      case 'remove_tag':
        return [`the tag “${effect.tag}” is gone`]
      case 'set_field':
        return [`their “${effect.field}” is filled in`]
      case 'start_journey':
        return [`the journey “${effect.journey}” has begun`]
      case 'stop_journey':
        return [`the journey “${effect.journey}” has been stopped`]
      default:
        return []
    }
  })

/** A journey that has ended does not hear of a move; brought back it would follow dates that are no longer true. */
async function hasMovedSince(
  sql: Sql,
  vendor: VendorId,
  wedding: WeddingId | null,
  at: Instant,
): Promise<boolean> {
  if (wedding === null) return false
  await lockWeddings(sql, vendor, [wedding])
  return changedSince(sql, vendor, wedding, at)
}

/** Takes a command back within ten minutes, where nothing has happened since and nothing has left the house. */
export async function undoCommand(
  engine: Engine,
  vendor: VendorId,
  commandId: string,
  by: string,
): Promise<void> {
  const run = await retrying(engine, () =>
    engine.db.tx('control.undo', { vendors: [vendor] }, (sql) =>
      undoCommandIn(engine, sql, vendor, commandId, by),
    ),
  )
  ringTouched(engine, [run])
}

export async function undoCommandIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  commandId: string,
  by: string,
): Promise<RunId> {
  const now = engine.clock.now()
  const row = await takeCommandUndo(sql, vendor, commandId, now, plusMs(now, -UNDO_MS))
  if (!row)
    throw new Refusal(
      'undo_closed',
      'This can no longer be taken back: the ten minutes are over, or it has been taken back already.',
    )
  const [current] = await lockRuns(sql, [{ vendor, run: row.run_id }])
  if (!current || current.rev !== row.rev_after)
    throw new Refusal('undo_closed', 'The journey has gone on since; this can no longer be taken back.')
  if (isFinished(current.status) && (await hasMovedSince(sql, vendor, current.wedding_id, row.at)))
    throw new Refusal(
      'undo_closed',
      'The wedding has moved since, and what had ended was not planned anew: this can no longer be taken back. Start the journey again instead.',
    )
  const before = JSON.parse(row.before) as Kept
  if (before.beyond?.length)
    throw new Refusal(
      'undo_closed',
      `It has done more than moving this journey: ${before.beyond.join(', ')}. Other journeys may have gone by that; put right by hand what is not.`,
    )
  const left = await reverseCommand(
    sql,
    vendor,
    row.run_id,
    row.at,
    now,
    awaitedIn(JSON.parse(before.state) as RunState),
  )
  if (left > 0)
    throw new Refusal('undo_closed', 'A message has left the house since; this can no longer be taken back.')
  // What a pause has parked goes again, and what goes only because of a resume is parked again.
  const waits = before.status === 'paused'
  if (waits || current.status === 'paused')
    await parkEffects(sql, vendor, [current.run_id], waits ? null : now)
  const loaded = await loadRuns(engine, sql, now, [current])
  await saveRuns(sql, now, [
    {
      vendor,
      run: current.run_id,
      seen: current.rev,
      version: before.version,
      status: before.status,
      state: before.state,
      due: before.due,
      band: BANDS.indexOf(bandOf(now, loaded[0]!.view, undefined)),
      log: [
        {
          event: JSON.stringify({ is: 'undone', at: now, by, command: commandId }),
          because: JSON.stringify([{ code: 'undone', values: { by } }]),
        },
      ],
    },
  ])
  // What it held had been let go with its end.
  const { holding = [] } = JSON.parse(before.state) as RunState
  if (isFinished(current.status))
    for (const reason of holding) await tellOthers(sql, now, runOf(current), { do: 'hold_journeys', reason })
  // A journey that has ended does not hear of the business's days either; it is told now.
  if (isFinished(current.status) && before.calendar !== loaded[0]!.view.vendor.calendarGeneration)
    await tellRun(sql, now, vendor, row.run_id, changed(now, 'calendar', by, null))
  await insertAudit(sql, [
    {
      vendor,
      id: engine.rng.uuid7(now),
      at: now,
      actor: by,
      action: 'run.undo',
      subject: row.run_id,
      detail: { command: commandId },
    },
  ])
  return runOf(current).id
}

/** Messages of which the run has not heard yet. */
const awaitedIn = ({ tokens }: RunState): string[] =>
  tokens.flatMap((token) =>
    token.is === 'acting' ? token.effects.filter((name) => token.results?.[name] === undefined) : [],
  )

/** A member has done a task; a journey that waited at it goes on. */
export async function taskDone(
  engine: Engine,
  vendor: VendorId,
  run: RunId,
  name: string,
  by: string,
): Promise<void> {
  await inTransaction(engine, vendor, run, (sql) => taskDoneIn(engine, sql, vendor, run, name, by))
}

export async function taskDoneIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  name: string,
  by: string,
): Promise<void> {
  const now = engine.clock.now()
  await lockRuns(sql, [{ vendor, run }])
  await mustBeTheirs(sql, vendor, { run, name }, by)
  if (!(await finishTask(sql, { vendor, run, name, at: now, by })))
    throw new Refusal('conflict', 'This task is done or closed already.')
  await tellRun(sql, now, vendor, run, { is: 'task_done', at: now, name, by })
}

/** A member's yes or no to one message. */
export async function approve(
  engine: Engine,
  vendor: VendorId,
  run: RunId,
  name: string,
  answer: 'approved' | 'skipped',
  by: string,
): Promise<void> {
  await inTransaction(engine, vendor, run, (sql) => approveIn(engine, sql, vendor, run, name, answer, by))
}

export async function approveIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  name: string,
  answer: 'approved' | 'skipped',
  by: string,
): Promise<void> {
  const now = engine.clock.now()
  await lockRuns(sql, [{ vendor, run }])
  await mustBeTheirs(sql, vendor, { run, name }, by)
  if (!(await answerApproval(sql, { vendor, run, name, answer, at: now, by })))
    throw new Refusal('conflict', 'This approval has been answered already.')
  await tellRun(sql, now, vendor, run, { is: 'approval_answered', at: now, name, answer, by })
}

const tellRun = (
  sql: Sql,
  now: ReturnType<Engine['clock']['now']>,
  vendor: VendorId,
  run: RunId,
  event: RunEvent,
): Promise<void> => deliver(sql, now, [{ ref: { vendor, run }, event: JSON.stringify(event) }])

async function inTransaction(
  engine: Engine,
  vendor: VendorId,
  run: RunId,
  work: (sql: Sql) => Promise<void>,
): Promise<void> {
  await retrying(engine, () => engine.db.tx('control.gate', { vendors: [vendor] }, work))
  ringTouched(engine, [run])
}
