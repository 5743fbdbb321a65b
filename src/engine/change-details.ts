import type { RunId, VendorId, WeddingId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Choices } from '../core/run/chosen.ts'
import type { Decision } from '../core/run/decision.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { DateStatus } from '../core/run/view.ts'
import { type Instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Anchor, Anchors, AnchorValue } from '../core/wedding/anchor.ts'
import type { Sql } from '../ports.ts'
import { callOffOpenUntil, insertAudit, insertDetailsChanges, takeUndo } from '../store/changes.ts'
import {
  bumpVendor,
  lockClientsOfWeddings,
  lockWeddings,
  saveWeddings,
  type WeddingRow,
} from '../store/clients.ts'
import type { RunRef } from '../store/refs.ts'
import { liveRunsOfWeddings, lockRuns } from '../store/runs.ts'
import { withdrawMoved } from '../store/withdrawals.ts'
import { mustBeBelievable } from './believed.ts'
import { commitTurns } from './commit.ts'
import type { Engine } from './engine.ts'
import { hear, within } from './hear.ts'
import { retrying } from './retrying.ts'
import { ringTouched } from './ring.ts'
import { loadRuns, type Taken, takeTurns } from './turns.ts'

/**
 * A wedding's details change: the new values with their generations, the replan of every run that hangs on them,
 * the event, the record for the undo and the audit, all in one transaction (engine 4). The runs are locked, so
 * that the list the caller gets is the list that is true.
 */
export type DetailsChange = {
  readonly wedding: WeddingId
  /** New values by anchor; null makes a date unknown ("to be confirmed"), `unset` as if it had never been told. */
  readonly anchors?: { readonly [name: string]: AnchorValue | null | 'unset' }
  readonly status?: DateStatus
  /** Null only where a change is taken back: it was not known before. */
  readonly zone?: string | null
  readonly region?: string | null
  readonly guests?: number | null
  /** What a person wants of single steps. */
  readonly choices?: WantedChoices
}
export type WantedChoices = ReadonlyMap<RunId, Choices> | 'back'

export type Replanned = {
  readonly run: RunId
  readonly because: readonly Decision[]
  readonly due: Instant | null
}
export type ChangeReceipt = {
  readonly changes: readonly string[]
  readonly undoUntil: Instant
  readonly runs: readonly Replanned[]
}

export const UNDO_MS = 10 * MINUTE_MS

export async function changeDetails(
  engine: Engine,
  vendor: VendorId,
  changes: readonly DetailsChange[],
  by: string,
): Promise<ChangeReceipt> {
  const receipt = await retrying(engine, () =>
    engine.db.tx('details.change', { vendors: [vendor] }, (sql) =>
      changeIn(engine, sql, vendor, changes, by, 'undoable'),
    ),
  )
  ringTouched(
    engine,
    receipt.runs.filter((one) => one.due !== null && one.due <= engine.clock.now()).map((one) => one.run),
  )
  return receipt
}

/** The same computation without the commit (engine 4): what would stay, what would move, what would need a person. */
export async function previewDetails(
  engine: Engine,
  vendor: VendorId,
  changes: readonly DetailsChange[],
  by: string,
): Promise<ChangeReceipt> {
  let receipt: ChangeReceipt | null = null
  await engine.db
    .tx('details.preview', { vendors: [vendor] }, async (sql) => {
      receipt = await changeIn(engine, sql, vendor, changes, by, 'final')
      throw new OnlyLooking()
    })
    .catch((error: unknown) => {
      if (!(error instanceof OnlyLooking)) throw error
    })
  return receipt!
}
class OnlyLooking extends Error {}

/** Takes a change back within ten minutes: the earlier values come back, and with them the earlier plan. */
export async function undoDetails(
  engine: Engine,
  vendor: VendorId,
  change: string,
  by: string,
): Promise<ChangeReceipt> {
  const receipt = await retrying(engine, () =>
    engine.db.tx('details.undo', { vendors: [vendor] }, (sql) =>
      undoDetailsIn(engine, sql, vendor, change, by),
    ),
  )
  ringTouched(
    engine,
    receipt.runs.map((one) => one.run),
  )
  return receipt
}

export async function undoDetailsIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  change: string,
  by: string,
): Promise<ChangeReceipt> {
  const row = await takeUndo(sql, vendor, change, engine.clock.now())
  if (!row)
    throw new Refusal(
      'undo_closed',
      'This change can no longer be taken back: the ten minutes are over, or it has been taken back already.',
      { change },
    )
  const before = row.before as WeddingRow
  const after = row.after as WeddingRow
  const [current] = await lockWeddings(sql, vendor, [row.wedding_id])
  const isChanged = changedBy(before, after)
  const inItsWay = current ? changedBy(after, current).filter((one) => isChanged.includes(one)) : isChanged
  if (!current || inItsWay.length > 0)
    throw new Refusal(
      'undo_closed',
      `Changed again since: the ${[...new Set(inItsWay.map(calledOf))].join(', the ')}. Take the later change back first, or write down what is right.`,
      { change },
    )
  const earlier = <Field extends 'zone' | 'region' | 'guests'>(field: Field) =>
    isChanged.includes(field) ? { [field]: before[field] } : {}
  const anchors = anchorsChangedBy(before, after)
  return changeIn(
    engine,
    sql,
    vendor,
    [
      {
        wedding: row.wedding_id,
        anchors: Object.fromEntries(anchors.map((name) => [name, valueBefore(before.anchors[name])])),
        status: isChanged.includes('status') ? before.status : current.status,
        ...earlier('zone'),
        ...earlier('region'),
        ...earlier('guests'),
        choices: 'back',
      },
    ],
    by,
    'final',
    { at: row.at, callOffOpenUntil: await callOffOpenUntil(sql, vendor, row.wedding_id, engine.clock.now()) },
  )
}

type TakenBack = {
  /** When the change was made that is taken back. */
  readonly at: Instant
  /** What comes back may be a wedding that was called off before, and that is as open to be taken back as it was. */
  readonly callOffOpenUntil: Instant | null
}

const FIELDS = ['status', 'zone', 'region', 'guests'] as const
const CALLED: { readonly [field: string]: string } = {
  status: 'state of the date',
  zone: 'place',
  region: 'country',
  guests: 'guests',
}
const calledOf = (field: string): string => CALLED[field] ?? 'dates'

/** What is another between two states of a wedding: only that is taken back, and only as long as it stands as it was set. */
const changedBy = (before: WeddingRow, after: WeddingRow): string[] => [
  ...FIELDS.filter((field) => before[field] !== after[field]),
  ...anchorsChangedBy(before, after).map((name) => `anchors/${name}`),
]

const anchorsChangedBy = (before: WeddingRow, after: WeddingRow): string[] =>
  Object.keys(after.anchors).filter(
    (name) => JSON.stringify(after.anchors[name]?.value) !== JSON.stringify(before.anchors[name]?.value),
  )

const valueBefore = (anchor: Anchor | undefined): AnchorValue | null | 'unset' =>
  anchor === undefined || anchor.unset ? 'unset' : anchor.value

/** `final` leaves no undo window: late steps follow their policy at once. */
export async function changeIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  changes: readonly DetailsChange[],
  by: string,
  mode: 'undoable' | 'final',
  takesBack?: TakenBack,
): Promise<ChangeReceipt> {
  const now = engine.clock.now()
  // What was there before comes back, whatever it is.
  for (const one of changes) if (one.choices !== 'back') mustHaveBelievableDates(now, one)
  const weddings = changes.map((one) => one.wedding)
  // Couples before their runs, as everybody does who needs both.
  const [before, couples] = await Promise.all([
    lockWeddings(sql, vendor, weddings),
    lockClientsOfWeddings(sql, vendor, weddings),
  ])
  if (before.length !== new Set(weddings).size)
    throw new Refusal('not_found', 'A wedding in this change is not known here.', { weddings })
  const after = before.map((row) => applyChange(row, changes.find((one) => one.wedding === row.wedding_id)!))
  const touched = new Map(before.map((row, index) => [row.wedding_id, touchedAnchors(row, after[index]!)]))
  const [live] = await Promise.all([
    liveRunsOfWeddings(sql, vendor, [...touched.keys()]),
    saveWeddings(sql, vendor, after),
    before.some((row, index) => movesWork(row, after[index]!)) ? bumpVendor(sql, vendor) : null,
  ])
  const undoUntil = plusMs(now, UNDO_MS)
  const wanted = new Map(changes.map((one) => [one.wedding, one.choices]))
  const how: How = {
    undoUntil: mode === 'undoable' ? undoUntil : null,
    calledOff: new Set(
      after.filter((row, index) => isOff(row) && !isOff(before[index]!)).map((row) => row.wedding_id),
    ),
    callOffOpenUntil: mode === 'undoable' ? undoUntil : (takesBack?.callOffOpenUntil ?? null),
    ...(takesBack ? { takesBack: takesBack.at } : {}),
  }
  const records = before.map((row, index) => ({
    change_id: engine.rng.uuid7(now),
    wedding_id: row.wedding_id,
    at: now,
    actor: by,
    before: row,
    after: after[index],
    undo_until: mode === 'undoable' ? undoUntil : now,
  }))
  const [taken] = await Promise.all([
    replan(engine, sql, now, vendor, live, touched, wanted, how, by),
    insertDetailsChanges(sql, vendor, records),
    insertAudit(
      sql,
      records.map((row) => ({
        vendor,
        id: engine.rng.uuid7(now),
        at: now,
        actor: by,
        action: 'wedding.changed',
        subject: row.wedding_id,
        detail: { anchors: touched.get(row.wedding_id) ?? [] },
      })),
    ),
  ])
  await tell(
    engine,
    sql,
    vendor,
    couples,
    before,
    after,
    touched,
    records.map((row) => row.change_id),
  )
  return {
    changes: records.map((row) => row.change_id),
    undoUntil,
    runs: taken.map((one) => ({
      run: one.after.id,
      due: one.due,
      because: one.log.flatMap((line) => JSON.parse(line.because) as Decision[]),
    })),
  }
}

export const mustHaveBelievableDates = (now: Instant, { anchors = {} }: DetailsChange): void =>
  mustBeBelievable(
    now,
    Object.entries(anchors).map(([name, value]) => ({
      path: `/anchors/${name}`,
      value: value === 'unset' ? null : value,
    })),
  )

export function applyChange(row: WeddingRow, change: DetailsChange): WeddingRow {
  const anchors: { [name: string]: Anchors[string] } = { ...row.anchors }
  for (const [name, value] of Object.entries(change.anchors ?? {})) {
    const generation = (row.anchors[name]?.generation ?? 0) + 1
    anchors[name] = value === 'unset' ? { value: null, generation, unset: true } : { value, generation }
  }
  const wedding = anchors.wedding?.value ?? null
  const on = wedding === null || wedding.is === 'moment' ? null : wedding.on
  return {
    ...row,
    anchors,
    wedding_on: on,
    status: change.status ?? statusAfter(row, change, on),
    zone: change.zone === undefined ? row.zone : change.zone,
    region: change.region === undefined ? row.region : change.region,
    guests: change.guests === undefined ? row.guests : change.guests,
  }
}

/** Other weddings keep clear of the days on which the vendor works. */
export const movesWork = (before: WeddingRow, after: WeddingRow): boolean =>
  isWork(before) !== isWork(after) ||
  touchedAnchors(before, after).some((name) => name === 'wedding' || name === '*')
const isOff = ({ status }: WeddingRow): boolean => status === 'cancelled'
const isWork = ({ status }: WeddingRow): boolean => status !== 'cancelled' && status !== 'to_be_confirmed'

/** A ceremony at another hour of the same day moves what hangs on it; the wedding has not been moved by it. */
function statusAfter(row: WeddingRow, { anchors }: DetailsChange, on: string | null): DateStatus {
  if (anchors?.wedding === null) return 'to_be_confirmed'
  return anchors?.wedding && on !== row.wedding_on ? 'moved' : row.status
}

/** The anchors whose rules must be derived again; a zone touches every one. */
export function touchedAnchors(before: WeddingRow, after: WeddingRow): string[] {
  if (before.zone !== after.zone) return ['*']
  return Object.keys(after.anchors).filter(
    (name) => after.anchors[name]?.generation !== before.anchors[name]?.generation,
  )
}

type How = {
  readonly undoUntil: Instant | null
  readonly calledOff: ReadonlySet<WeddingId>
  readonly callOffOpenUntil: Instant | null
  readonly takesBack?: Instant
}

async function replan(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  live: readonly RunRef[],
  touched: ReadonlyMap<WeddingId, readonly string[]>,
  wanted: ReadonlyMap<WeddingId, WantedChoices | undefined>,
  { undoUntil, calledOff, callOffOpenUntil, takesBack }: How,
  by: string,
): Promise<Taken[]> {
  if (live.length === 0) return []
  const names = new Set([...touched.values()].flat())
  // Nothing that hangs on a wedding that is off, or stands elsewhere now, leaves as it was planned.
  if (names.has('*') || calledOff.size > 0) names.add('wedding')
  // Runs before their messages, as everybody does who needs both.
  const [rows, withdrawn] = await Promise.all([
    lockRuns(sql, live),
    withdrawMoved(
      sql,
      now,
      vendor,
      live.map(({ run }) => run),
      [...names],
    ),
  ])
  const loaded = await loadRuns(engine, sql, now, rows)
  const taken = loaded.map((one) => {
    const anchors = touched.get(one.row.wedding_id!) ?? []
    const choices = wanted.get(one.row.wedding_id!)
    const isCalledOff = calledOff.has(one.row.wedding_id!)
    const event: RunEvent = {
      is: 'details_changed',
      at: now,
      anchors,
      why: by,
      undoUntil: isCalledOff ? callOffOpenUntil : undoUntil,
      ...(anchors.length > 0
        ? { choices: choices === 'back' ? choices : (choices?.get(one.run.id) ?? {}) }
        : {}),
      withdrawn: withdrawn.filter((effect) => effect.run_id === one.run.id).map((effect) => effect.name),
      ...(isCalledOff ? { calledOff: true } : {}),
      ...(takesBack === undefined ? {} : { takesBack }),
    }
    return takeTurns(one, now, [event])
  })
  await commitTurns(engine, sql, now, taken)
  return taken
}

/** The event `wedding_date_changed` (or its kin) for each couple of a moved wedding: journeys may begin with it. */
async function tell(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  couples: Awaited<ReturnType<typeof lockClientsOfWeddings>>,
  before: readonly WeddingRow[],
  after: readonly WeddingRow[],
  touched: ReadonlyMap<WeddingId, readonly string[]>,
  changes: readonly string[],
): Promise<void> {
  const news = before.map((row, index) => {
    const next = after[index]!
    return { row, next, change: changes[index]!, type: newsOf(row, next, touched.get(row.wedding_id) ?? []) }
  })
  const told = news.filter((one) => one.type !== null)
  if (told.length === 0) return
  const byWedding = Map.groupBy(couples, (one) => one.wedding_id)
  const now = engine.clock.now()
  await hear(
    engine,
    sql,
    now,
    told.flatMap(({ row, next, change, type }) =>
      (byWedding.get(row.wedding_id) ?? []).map(({ client_id: client }) => ({
        vendor,
        source: 'details',
        key: `${change}|${client}`,
        client,
        wedding: row.wedding_id,
        event: within(engine, now, type!, {
          from: row.wedding_on,
          to: next.wedding_on,
          generation: next.anchors.wedding?.generation ?? 0,
          status: next.status,
        }),
        anchor: null,
        personal: null,
      })),
    ),
  )
}

function newsOf(before: WeddingRow, after: WeddingRow, touched: readonly string[]): string | null {
  if (isOff(after) && !isOff(before)) return 'wedding_cancelled'
  return touched.includes('wedding') && !isOnlyTheHour(before, after) ? 'wedding_date_changed' : null
}

const isOnlyTheHour = (before: WeddingRow, after: WeddingRow): boolean =>
  before.wedding_on !== null && before.wedding_on === after.wedding_on && before.status === after.status
