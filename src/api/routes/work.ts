import {
  answerApproval,
  finishTask,
  listApprovals,
  listDeadLetters,
  listNotices,
  listTasks,
  readToday,
  requeueDeadLetters,
  settleNotice,
} from '../../contract/work.ts'
import type { ClientId, EffectId, RunId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { addDays } from '../../core/time/calendar.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import { localDateOf, startOfDay } from '../../core/time/zone.ts'
import { approveIn, taskDoneIn } from '../../engine/control.ts'
import { requeueIn, ringRequeued } from '../../engine/dead-letters.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { ringTouched } from '../../engine/ring.ts'
import type { Sql } from '../../ports.ts'
import { readDeadLetters } from '../../store/dead-letter-list.ts'
import { deadLetterKinds } from '../../store/dead-letters.ts'
import { runLinesOf } from '../../store/run-pages.ts'
import {
  openApprovals,
  openNotices,
  openTasks,
  settleNoticeById,
  todayCounts,
  weddingsBetween,
} from '../../store/work.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { noRun } from '../shown-run.ts'

const WEEK_DAYS = 7

async function namesIn(engine: Engine, sql: Sql, vendor: VendorId, clients: readonly ClientId[]) {
  const found = await namedClientsIn(engine, sql, vendor, [...new Set(clients)])
  return new Map(found.map((one) => [one.client_id, namesOf(one)]))
}

/** Of which couple and which journey each of these rows is. */
async function aboutRuns(engine: Engine, sql: Sql, vendor: VendorId, runs: readonly RunId[]) {
  const lines = new Map(
    (await runLinesOf(sql, vendor, [...new Set(runs)])).map((line) => [line.run_id, line]),
  )
  const names = await namesIn(
    engine,
    sql,
    vendor,
    [...lines.values()].map((line) => line.client_id),
  )
  return (run: RunId) => {
    const line = lines.get(run)
    if (!line) throw new Error(`run ${run} is missing`)
    return {
      run: run as string,
      client: line.client_id as string,
      names: names.get(line.client_id) ?? 'erased',
      journey: line.journey_name,
      wedding: line.wedding_on,
    }
  }
}

async function mustBeHere(sql: Sql, vendor: VendorId, run: string): Promise<RunId> {
  if ((await runLinesOf(sql, vendor, [run as RunId])).length === 0) throw noRun()
  return run as RunId
}

export const workRoutes: readonly Route[] = [
  reads(readToday, ({ engine, vendor, now }) =>
    engine.db.read('today', { vendors: [vendor] }, async (sql) => {
      const known = (await engine.vendorViews.find(sql, [{ vendor, rev: '' }])).get(vendor)
      if (!known) throw new Error(`vendor ${vendor} is missing`)
      const { zone } = known.view
      const today = localDateOf(now, zone)
      const [counts, weddings] = await Promise.all([
        todayCounts(sql, vendor, {
          now,
          dayEnds: startOfDay(addDays(today, 1), zone),
          weekEnds: startOfDay(addDays(today, WEEK_DAYS), zone),
        }),
        weddingsBetween(sql, vendor, today, addDays(today, WEEK_DAYS - 1)),
      ])
      const names = await namesIn(
        engine,
        sql,
        vendor,
        weddings.map((one) => one.client_id),
      )
      return {
        zone,
        now: isoOf(now),
        approvals: counts.approvals,
        tasks: counts.tasks,
        tasksOverdue: counts.tasks_overdue,
        notices: counts.notices,
        deadLetters: counts.dead_letters,
        waiting: counts.waiting,
        dueToday: counts.due_today,
        dueThisWeek: counts.due_week,
        held: counts.held,
        weddings: weddings.map((one) => ({
          wedding: one.wedding_id,
          client: one.client_id,
          names: names.get(one.client_id) ?? 'erased',
          on: one.wedding_on,
          zone: one.zone,
        })),
      }
    }),
  ),
  reads(listApprovals, ({ engine, vendor, now }, { query }) =>
    engine.db.read('approval.list', { vendors: [vendor] }, async (sql) => {
      const rows = await openApprovals(sql, vendor, query.limit)
      const about = await aboutRuns(
        engine,
        sql,
        vendor,
        rows.map((row) => row.run_id),
      )
      const counts = await todayCounts(sql, vendor, { now, dayEnds: now, weekEnds: now })
      return {
        items: rows.map((row) => ({
          ...about(row.run_id),
          name: row.name,
          node: row.node,
          ask: row.ask,
          role: row.role,
          asked: isoOf(row.asked_at),
          until: row.until_at && isoOf(row.until_at),
        })),
        total: counts.approvals,
      }
    }),
  ),
  changes(answerApproval, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const run = await mustBeHere(sql, vendor, params.run)
    await approveIn(engine, sql, vendor, run, body.name, body.answer, at.actor)
    at.audit(`approval.${body.answer}`, run, { name: body.name })
    at.after(() => ringTouched(engine, [run]))
    return { run, name: body.name, answer: body.answer }
  }),
  reads(listTasks, ({ engine, vendor, now }, { query }) =>
    engine.db.read('task.list', { vendors: [vendor] }, async (sql) => {
      const rows = await openTasks(sql, vendor, query.limit)
      const about = await aboutRuns(
        engine,
        sql,
        vendor,
        rows.map((row) => row.run_id),
      )
      const counts = await todayCounts(sql, vendor, { now, dayEnds: now, weekEnds: now })
      return {
        items: rows.map((row) => ({
          ...about(row.run_id),
          name: row.name,
          node: row.node,
          title: row.title,
          role: row.role,
          why: row.why,
          due: row.due_at && isoOf(row.due_at),
          overdue: row.due_at !== null && row.due_at < now,
          opened: isoOf(row.opened_at),
        })),
        total: counts.tasks,
      }
    }),
  ),
  changes(finishTask, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const run = await mustBeHere(sql, vendor, params.run)
    await taskDoneIn(engine, sql, vendor, run, body.name, at.actor)
    at.audit('task.done', run, { name: body.name })
    at.after(() => ringTouched(engine, [run]))
    return { run, name: body.name }
  }),
  reads(listNotices, ({ engine, vendor }, { query }) =>
    engine.db.read('notice.list', { vendors: [vendor] }, async (sql) => {
      const [at, id] = readCursor(query.cursor, [MILLISECONDS, UUID]) ?? []
      const before = at !== undefined && id !== undefined ? { at: instant(Number(at)), id } : null
      const rows = await openNotices(sql, vendor, before, query.limit + 1)
      const items = rows.slice(0, query.limit)
      const clients = items.flatMap((row) => row.client_id ?? [])
      const names = await namesIn(engine, sql, vendor, clients)
      const last = items.at(-1)
      return {
        items: items.map((row) => ({
          id: row.notice_id,
          code: row.code,
          at: isoOf(row.at),
          run: row.run_id,
          client: row.client_id,
          names: row.client_id && (names.get(row.client_id) ?? 'erased'),
          node: row.node,
          facts: row.facts,
        })),
        next: rows.length > query.limit && last ? cursorOf([String(last.at), last.notice_id]) : null,
      }
    }),
  ),
  changes(settleNotice, async (at, { params }) => {
    const done = await settleNoticeById(at.sql, at.vendor, params.notice, at.now)
    if (done === null) throw new Refusal('not_found', 'There is no notice here with this id.')
    if (done === 'before') throw new Refusal('conflict', 'Somebody has put this notice away already.')
    at.audit('notice.settled', params.notice)
    return { id: params.notice }
  }),
  reads(listDeadLetters, ({ engine, vendor }, { query }) =>
    engine.db.read('dead_letter.list', { vendors: [vendor] }, async (sql) => {
      const which = {
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.cause === undefined ? {} : { cause: query.cause }),
      }
      const [kinds, rows] = await Promise.all([
        deadLetterKinds(sql, vendor),
        readDeadLetters(sql, vendor, which, query.limit),
      ])
      return {
        kinds: kinds.map((one) => ({
          kind: one.kind,
          cause: one.cause,
          count: one.count,
          first: isoOf(one.first_at),
          last: isoOf(one.last_at),
        })),
        items: rows.map((row) => ({
          message: row.effect_id,
          run: row.run_id,
          kind: row.kind,
          cause: row.cause,
          detail: row.detail,
          at: isoOf(row.at),
          node: row.node,
          recipient: row.recipient,
          attempts: row.attempts,
        })),
      }
    }),
  ),
  changes(requeueDeadLetters, async (at, { body }) => {
    const which = {
      ...(body.message === undefined ? {} : { effect: body.message as EffectId }),
      ...(body.kind === undefined ? {} : { kind: body.kind }),
      ...(body.cause === undefined ? {} : { cause: body.cause }),
    }
    const rows = await requeueIn(at.engine, at.sql, at.vendor, which, at.actor)
    if (rows.length === 0) throw new Refusal('not_found', 'Nothing like this is waiting to be sent again.')
    at.auditedWithin()
    at.after(() => ringRequeued(at.engine, rows))
    return { requeued: rows.length }
  }),
]
