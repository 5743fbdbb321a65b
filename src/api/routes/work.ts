import {
  answerApproval,
  finishTask,
  listApprovals,
  listDeadLetters,
  listNotices,
  listTasks,
  RISKS,
  readOutlook,
  readToday,
  requeueDeadLetters,
  settleNotice,
} from '../../contract/work.ts'
import type { ClientId, EffectId, NodeId, RunId, VendorId } from '../../core/ids.ts'
import { type Graph, moduleKey } from '../../core/journey/graph.ts'
import { Refusal } from '../../core/refusal.ts'
import { titleOf } from '../../core/run/step-title.ts'
import { addDays } from '../../core/time/calendar.ts'
import { type Instant, instant, isoOf } from '../../core/time/instant.ts'
import { localDateOf, startOfDay } from '../../core/time/zone.ts'
import { approveIn, taskDoneIn } from '../../engine/control.ts'
import { requeueIn, ringRequeued } from '../../engine/dead-letters.ts'
import type { Engine } from '../../engine/engine.ts'
import { type NamedClient, namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { type OutlookItem, outlookOf } from '../../engine/outlook.ts'
import { ringTouched } from '../../engine/ring.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import type { Sql } from '../../ports.ts'
import { countOpen } from '../../store/asked.ts'
import { readDeadLetters } from '../../store/dead-letter-list.ts'
import { deadLetterKinds } from '../../store/dead-letters.ts'
import { runLinesOf } from '../../store/run-pages.ts'
import {
  type AfterOpen,
  openApprovals,
  openNotices,
  openTasks,
  type RiskLine,
  risksOf,
  settleNoticeById,
  todayCounts,
  weddingsBetween,
} from '../../store/work.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { type Change, changes, type Route, reads } from '../frame/route.ts'
import { noRun } from '../shown-run.ts'

const WEEK_DAYS = 7

async function knownIn(engine: Engine, sql: Sql, vendor: VendorId, clients: readonly ClientId[]) {
  const found = await namedClientsIn(engine, sql, vendor, [...new Set(clients)])
  return new Map(found.map((one) => [one.client_id, one]))
}
const namesOfKnown = (one: NamedClient | undefined): string => (one ? namesOf(one) : 'erased')

async function namesIn(engine: Engine, sql: Sql, vendor: VendorId, clients: readonly ClientId[]) {
  const known = await knownIn(engine, sql, vendor, clients)
  return new Map([...known].map(([client, one]) => [client, namesOf(one)]))
}

/** Nothing arrives at what they have for this kind of message: sent again it would be lost once more. */
const isDeadAt = (one: NamedClient | undefined, recipient: string, kind: string): boolean => {
  const way = kind.startsWith('sms@') ? 'sms' : 'email'
  const person = one?.people.find(({ ref }) => ref === recipient)
  return person?.suppressed.some((mark) => mark.startsWith(`${way}:dead:`)) ?? false
}

async function mustHaveAddress({ engine, sql, vendor }: Change, message: string): Promise<void> {
  const [row] = await readDeadLetters(sql, vendor, { effect: message }, 1)
  if (!row) return
  const known = await knownIn(engine, sql, vendor, [row.client_id])
  if (isDeadAt(known.get(row.client_id), row.recipient, row.kind))
    throw new Refusal(
      'conflict',
      'Nothing arrives at the address they have. Write down another one, then send it once more.',
    )
}

/** The message a yes is about: the step itself, or the one behind a step that only asks. */
function messageBehind(graph: Graph, id: string) {
  const asked = graph.node(id as NodeId)
  const to = asked?.kind === 'approval' ? graph.next(asked.id, 'approved') : id
  const node = to === null ? undefined : graph.node(to as NodeId)
  if (node?.kind !== 'module') return null
  return { node: node.id as string, name: titleOf(node), module: moduleKey(node.type, node.version) }
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
  const here = await homeZone(engine, sql, vendor)
  const graphs = new Map(
    await Promise.all(
      [...lines.values()].map(
        async (line) =>
          [line.run_id, await engine.graphs.find(sql, vendor, line.journey_id, line.version)] as const,
      ),
    ),
  )
  const found = <Found>(one: Found | undefined): Found => {
    if (one === undefined) throw new Error('a run that something waits at is missing')
    return one
  }
  return {
    of(run: RunId) {
      const line = found(lines.get(run))
      return {
        run: run as string,
        client: line.client_id as string,
        names: names.get(line.client_id) ?? 'erased',
        journey: line.journey_name,
        wedding: line.wedding_on,
        zone: line.wedding_zone ?? here,
      }
    },
    message: (run: RunId, node: string) => messageBehind(found(graphs.get(run)), node),
  }
}

const shownRisks = (line: RiskLine | undefined) =>
  line ? RISKS.flatMap((is) => (line[is] > 0 ? [{ is, count: line[is] }] : [])) : []

const NO_MOMENT = 'none'
const PLACE = [/^(\d{1,14}|none)$/, UUID, /^[^\0]{1,200}$/] as const

const placeOf = (at: Instant | null, row: { run_id: RunId; name: string }): string =>
  cursorOf([at === null ? NO_MOMENT : String(at), row.run_id, row.name])

function afterPlace(cursor: string | undefined): AfterOpen | null {
  const [at, run, name] = readCursor(cursor, PLACE) ?? []
  if (at === undefined || run === undefined || name === undefined) return null
  return { at: at === NO_MOMENT ? null : instant(Number(at)), run, name }
}

async function mustBeHere(sql: Sql, vendor: VendorId, run: string): Promise<RunId> {
  if ((await runLinesOf(sql, vendor, [run as RunId])).length === 0) throw noRun()
  return run as RunId
}

export const workRoutes: readonly Route[] = [
  reads(readToday, ({ engine, vendor, now, answers }) =>
    engine.db.read('today', { vendors: [vendor] }, async (sql) => {
      const zone = await homeZone(engine, sql, vendor)
      const today = localDateOf(now, zone)
      const [counts, weddings] = await Promise.all([
        todayCounts(sql, vendor, answers, {
          now,
          dayEnds: startOfDay(addDays(today, 1), zone),
          weekEnds: startOfDay(addDays(today, WEEK_DAYS), zone),
        }),
        weddingsBetween(sql, vendor, today, addDays(today, WEEK_DAYS - 1)),
      ])
      const couples = weddings.map((one) => one.client_id)
      const [names, risks] = await Promise.all([
        namesIn(engine, sql, vendor, couples),
        risksOf(sql, vendor, couples, now),
      ])
      const risksOfClient = new Map(risks.map((one) => [one.client_id, one]))
      return {
        zone,
        now: isoOf(now),
        approvals: counts.approvals,
        tasks: counts.tasks,
        tasksOverdue: counts.tasks_overdue,
        forYou: {
          approvals: counts.approvals_yours,
          tasks: counts.tasks_yours,
          tasksOverdue: counts.tasks_overdue_yours,
        },
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
          risks: shownRisks(risksOfClient.get(one.client_id)),
        })),
      }
    }),
  ),
  reads(readOutlook, ({ engine, vendor, now }, { query }) =>
    engine.db.read('today.outlook', { vendors: [vendor] }, async (sql) => {
      const zone = await homeZone(engine, sql, vendor)
      const today = localDateOf(now, zone)
      const ends = Array.from({ length: query.days }, (_, day) => startOfDay(addDays(today, day + 1), zone))
      const told = await outlookOf(engine, sql, vendor, now, startOfDay(today, zone), ends, query.brief)
      const named = told.next ? [...told.items, told.next] : told.items
      const names = await namesIn(
        engine,
        sql,
        vendor,
        named.map((one) => one.client),
      )
      const shown = (one: OutlookItem) => ({
        ...one,
        names: names.get(one.client) ?? 'erased',
        at: isoOf(one.at),
        recipients: [...one.recipients],
        assumes: [...one.assumes],
      })
      return {
        zone,
        now: isoOf(now),
        days: told.days.map((one, day) => ({ on: addDays(today, day), ...one })),
        items: told.items.map(shown),
        earlier: told.earlier,
        later: told.later,
        next: told.next && shown(told.next),
        toldUntil: told.toldUntil && isoOf(told.toldUntil),
      }
    }),
  ),
  reads(listApprovals, ({ engine, vendor, answers }, { query }) =>
    engine.db.read('approval.list', { vendors: [vendor] }, async (sql) => {
      const asked = query.whose === 'yours' ? answers : null
      const found = await openApprovals(sql, vendor, asked, afterPlace(query.cursor), query.limit + 1)
      const rows = found.slice(0, query.limit)
      const last = rows.at(-1)
      const about = await aboutRuns(
        engine,
        sql,
        vendor,
        rows.map((row) => row.run_id),
      )
      const counts = await countOpen(sql, vendor, 'approval', answers)
      return {
        items: rows.map((row) => ({
          ...about.of(row.run_id),
          message: about.message(row.run_id, row.node),
          name: row.name,
          node: row.node,
          ask: row.ask,
          role: row.role,
          yours: answers.includes(row.role),
          asked: isoOf(row.asked_at),
          until: row.until_at && isoOf(row.until_at),
        })),
        total: counts[asked ? 'yours' : 'all'],
        next: found.length > query.limit && last ? placeOf(last.until_at, last) : null,
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
  reads(listTasks, ({ engine, vendor, now, answers }, { query }) =>
    engine.db.read('task.list', { vendors: [vendor] }, async (sql) => {
      const asked = query.whose === 'yours' ? answers : null
      const found = await openTasks(sql, vendor, asked, afterPlace(query.cursor), query.limit + 1)
      const rows = found.slice(0, query.limit)
      const last = rows.at(-1)
      const about = await aboutRuns(
        engine,
        sql,
        vendor,
        rows.map((row) => row.run_id),
      )
      const counts = await countOpen(sql, vendor, 'task', answers)
      return {
        items: rows.map((row) => ({
          ...about.of(row.run_id),
          name: row.name,
          node: row.node,
          title: row.title,
          role: row.role,
          yours: answers.includes(row.role),
          why: row.why,
          due: row.due_at && isoOf(row.due_at),
          overdue: row.due_at !== null && row.due_at < now,
          opened: isoOf(row.opened_at),
        })),
        total: counts[asked ? 'yours' : 'all'],
        next: found.length > query.limit && last ? placeOf(last.due_at, last) : null,
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
        ...(query.client === undefined ? {} : { client: query.client }),
      }
      const [kinds, rows] = await Promise.all([
        deadLetterKinds(sql, vendor),
        readDeadLetters(sql, vendor, which, query.limit),
      ])
      const clients = rows.map((row) => row.client_id)
      const known = await knownIn(engine, sql, vendor, clients)
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
          client: row.client_id,
          names: namesOfKnown(known.get(row.client_id)),
          kind: row.kind,
          cause: row.cause,
          detail: row.detail,
          at: isoOf(row.at),
          node: row.node,
          recipient: row.recipient,
          dead: isDeadAt(known.get(row.client_id), row.recipient, row.kind),
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
    if (body.message !== undefined) await mustHaveAddress(at, body.message)
    const rows = await requeueIn(at.engine, at.sql, at.vendor, which, at.actor)
    if (rows.length === 0) throw new Refusal('not_found', 'Nothing like this is waiting to be sent again.')
    at.auditedWithin()
    at.after(() => ringRequeued(at.engine, rows))
    return { requeued: rows.length }
  }),
]
