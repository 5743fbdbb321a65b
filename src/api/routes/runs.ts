import {
  type CommandDocument,
  clientTimeline,
  commandRun,
  commandRuns,
  countRuns,
  listRuns,
  readRun,
  startMany,
  startRun,
  undoCommand,
} from '../../contract/runs.ts'
import type { ClientId, JourneyId, NodeId, RunId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Command } from '../../core/run/event.ts'
import { isFinished, type RunStatus } from '../../core/run/run.ts'
import { sentenceOf } from '../../core/run/sentences.ts'
import { titleOf } from '../../core/run/step-title.ts'
import { instantFrom, isoOf, plusMs } from '../../core/time/instant.ts'
import { UNDO_MS } from '../../engine/change-details.ts'
import { chosenLate } from '../../engine/chosen-late.ts'
import { commandIn, undoCommandIn } from '../../engine/control.ts'
import { firstNamesOf, namedClientsIn } from '../../engine/find-clients.ts'
import { ringTouched } from '../../engine/ring.ts'
import { startByHand, whyNotStarted } from '../../engine/start-some.ts'
import { explainRuns, timelineOf } from '../../engine/timeline.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import { commandOf, pageOfRuns, runLinesOf, runsOfClient } from '../../store/run-pages.ts'
import { cursorOf, readCursor, UUID } from '../frame/cursor.ts'
import { type Asked, changes, type Route, reads } from '../frame/route.ts'
import { beginJob, runsMeant } from '../runs-meant.ts'
import { noRun, oneRun, shownRuns } from '../shown-run.ts'

const LIVE: readonly RunStatus[] = ['active', 'waiting', 'paused']
const HELD: readonly RunStatus[] = ['paused']
/** A couple has a handful of journeys; what is beyond is shown run by run. */
const RUNS_OF_CLIENT_MAX = 100

const noCouple = (): Refusal => new Refusal('not_found', 'No couple is known here by this id.')

const commandFrom = (one: CommandDocument): Command =>
  (one.do === 'snooze'
    ? { ...one, until: instantFrom(one.until) }
    : one.do === 'jump'
      ? { ...one, to: one.to as NodeId }
      : one) as Command

/** Of all who stand at a step, nobody is skipped past the one they have come to since. */
const atTheirStep = (command: Command, which: Asked<typeof commandRuns>['body']['which']): Command => {
  const { node } = 'like' in which ? which.like : 'clients' in which ? which : {}
  return node !== undefined && AT_A_STEP.has(command.do) ? ({ node, ...command } as Command) : command
}
const AT_A_STEP: ReadonlySet<Command['do']> = new Set(['snooze', 'skip', 'do_now', 'jump', 'retry'])

export const runRoutes: readonly Route[] = [
  reads(listRuns, async ({ engine, vendor }, { query }) => {
    const [before] = readCursor(query.cursor, [UUID]) ?? []
    const statuses = query.status === 'live' ? LIVE : query.status === 'held' ? HELD : [query.status]
    const filter = {
      journey: query.journey ?? null,
      statuses,
      client: query.client ?? null,
      node: query.node ?? null,
      ofItself: query.status === 'held',
    }
    return engine.db.read('run.list', { vendors: [vendor] }, async (sql) => {
      const lines = await pageOfRuns(sql, vendor, filter, (before ?? null) as RunId | null, query.limit + 1)
      const items = await shownRuns(engine, sql, vendor, lines.slice(0, query.limit))
      const last = items.at(-1)
      return { items, next: lines.length > query.limit && last ? cursorOf([last.id]) : null }
    })
  }),
  reads(readRun, ({ engine, vendor, now }, { params }) =>
    engine.db.read('run.read', { vendors: [vendor] }, async (sql) => {
      const run = params.run as RunId
      const [line] = await runLinesOf(sql, vendor, [run])
      if (!line) throw noRun()
      const [client] = await namedClientsIn(engine, sql, vendor, [line.client_id])
      const [told] = await explainRuns(engine, sql, now, vendor, [run], firstNamesOf(client))
      if (!told) throw noRun()
      const [shown] = await shownRuns(engine, sql, vendor, [line])
      return {
        ...shown!,
        zone: told.teller.zone,
        steps: told.steps.map((step) => {
          const node = told.loaded.graph.node(step.node)
          return {
            node: step.node,
            name: node ? titleOf(node) : step.node,
            is: step.is,
            sentence: step.sentence,
            at: step.at === null ? null : isoOf(step.at),
            evidence: step.evidence.map(({ code, sentence }) => ({ code, sentence })),
            decidedBy: step.decidedBy,
          }
        }),
      }
    }),
  ),
  reads(clientTimeline, ({ engine, vendor, now, answers }, { params }) =>
    engine.db.read('client.timeline', { vendors: [vendor] }, async (sql) => {
      const [client] = await namedClientsIn(engine, sql, vendor, [params.client as ClientId])
      if (!client) throw noCouple()
      const lines = await runsOfClient(sql, vendor, client.client_id, RUNS_OF_CLIENT_MAX)
      const runs = lines.map((line) => line.run_id)
      const rows = await timelineOf(engine, sql, now, vendor, runs, firstNamesOf(client))
      return {
        zone: client.wedding_zone ?? (await homeZone(engine, sql, vendor)),
        now: isoOf(now),
        runs: await shownRuns(engine, sql, vendor, lines),
        items: rows.map((row) => ({
          ...row,
          at: row.at === null ? null : isoOf(row.at),
          because: [...row.because],
          assumes: [...row.assumes],
          messages: [...row.messages],
          waits: row.waits && { ...row.waits, yours: answers.includes(row.waits.role) },
        })),
      }
    }),
  ),
  changes(commandRun, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const run = params.run as RunId
    const [line] = await runLinesOf(sql, vendor, [run])
    if (!line) throw noRun()
    const [done] = await commandIn(engine, sql, vendor, [run], commandFrom(body.command), at.actor)
    if (!done) throw noRun()
    if (done.is === 'refused')
      throw new Refusal(
        done.theirs ? 'forbidden' : isFinished(line.status) ? 'run_finished' : 'command_impossible',
        done.why,
      )
    at.auditedWithin()
    at.after(() => ringTouched(engine, [run]))
    const teller = { zone: await homeZone(engine, sql, vendor), now: at.now }
    return {
      command: done.command,
      undoUntil: isoOf(plusMs(at.now, UNDO_MS)),
      run: await oneRun(engine, sql, vendor, run),
      because: done.because.map((one) => ({ code: one.code, sentence: sentenceOf(one, teller) })),
    }
  }),
  changes(undoCommand, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const run = params.run as RunId
    if (!(await commandOf(sql, vendor, run, params.command)))
      throw new Refusal('not_found', 'There is no such command here.')
    await undoCommandIn(engine, sql, vendor, params.command, at.actor)
    at.auditedWithin()
    at.after(() => ringTouched(engine, [run]))
    return oneRun(engine, sql, vendor, run)
  }),
  changes(commandRuns, async (at, { body }) => {
    const runs = await runsMeant(at, at.sql, body.which)
    if (runs.length === 0) throw new Refusal('not_found', 'No run is like that.')
    const command = atTheirStep(commandFrom(body.command), body.which)
    const job = await beginJob(at, { is: 'command', command, runs })
    at.audit('runs.commanded', job, { do: body.command.do, runs: runs.length })
    return { job, total: runs.length }
  }),
  reads(countRuns, ({ engine, vendor }, { body }) =>
    engine.db.read('run.count', { vendors: [vendor] }, async (sql) => ({
      total: (await runsMeant({ vendor }, sql, body.which)).length,
    })),
  ),
  changes(startRun, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const client = params.client as ClientId
    const [known] = await namedClientsIn(engine, sql, vendor, [client])
    if (!known) throw noCouple()
    const chosen = body.late?.length ? chosenLate(body.late, at.actor) : undefined
    const answers = await startByHand(engine, sql, vendor, body.journey as JourneyId, [client], chosen)
    const answer = answers.get(client)
    if (!answer) throw noCouple()
    if (answer.is === 'not') throw new Refusal('conflict', whyNotStarted(answer.why))
    at.audit('run.started', answer.run, {
      journey: body.journey,
      client,
      ...(body.late?.length ? { late: body.late } : {}),
    })
    at.after(() => ringTouched(engine, [answer.run]))
    return oneRun(engine, sql, vendor, answer.run)
  }),
  changes(startMany, async (at, { params, body }) => {
    // Refused at once when nobody could begin it now.
    await startByHand(at.engine, at.sql, at.vendor, params.journey as JourneyId, [])
    const clients = [...new Set(body.clients)] as ClientId[]
    const job = await beginJob(at, { is: 'start', journey: params.journey as JourneyId, clients })
    at.audit('journey.started_for_many', params.journey, { job, clients: clients.length })
    return { job, total: clients.length }
  }),
]
