import type { ClientId, RunId, VendorId } from '../src/core/ids.ts'
import { journeySchema } from '../src/core/journey/graph.ts'
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  isoOf,
  MINUTE_MS,
  plusMs,
  SECOND_MS,
} from '../src/core/time/instant.ts'
import { addCouple } from '../src/engine/clients.ts'
import { type Engine, shardOf } from '../src/engine/engine.ts'
import { publish } from '../src/engine/publish.ts'
import { receive } from '../src/engine/receive.ts'
import { step } from '../src/engine/step.ts'
import { addVendor } from '../src/engine/vendors.ts'
import type { Dice } from './dice.ts'
import type { Ask, Violate } from './differential.ts'
import type { Vendor } from './people.ts'
import type { Written } from './shapes.ts'

/**
 * Worlds in which one vendor has more to send than the house has places for, and the others send beside it: the only
 * ones in which it matters who comes first (invariant 9). One worker with few seats, a slow provider, no faults but a
 * doorbell that says too much; dice of their own, so that the other worlds stay what they are.
 *
 * How urgent a message is the auditor reads from the wedding alone; when it was begun and ended, from the attempts.
 * What a virtual world is too small for is proved elsewhere: ten thousand due rows of one vendor on a real server
 * (test/queue/worker.test.ts), the kept places at a provider (src/modules/places.test.ts), the load of ten times as
 * much as can be sent (bench).
 */
export const RUSH_SETTINGS = { batchMax: 4, sendsMax: 16 } as const
export const RUSH_MINUTES = 2
/** So long a provider takes at most. */
export const RUSH_CALL_MS = 2_400
export const RUSH_FAULTS = { ring_doubled: 0.2, ring_stale: 0.2 } as const

const LEVELS = ['critical', 'high', 'medium', 'low'] as const
type Level = (typeof LEVELS)[number]
const DAYS_TO_WEDDING: { readonly [level in Level]: number } = { critical: 1, high: 5, medium: 20, low: 120 }

/** A wave of messages: so many, of whom, how urgent, and when. */
type Wave = { readonly of: number; readonly level: Level; readonly count: number; readonly atMs: number }
const FLOOD = 0
/** One of the flood's own has waited almost as long as anything may; nobody but its age speaks for it. */
const OLD_MS = 15 * MINUTE_MS - 5 * SECOND_MS
const AGES_AFTER_MS = 1_500
const SENT: readonly (readonly Level[])[] = [LEVELS, ['low'], ['low', 'critical']]

const drawWaves = (dice: Dice): Wave[] => [
  { of: FLOOD, level: 'low', count: dice.int(20, 26), atMs: 0 },
  { of: FLOOD, level: 'medium', count: dice.int(28, 38), atMs: dice.int(0, 1_000) },
  { of: 1, level: 'low', count: 1, atMs: dice.int(500, 3_000) },
  { of: 2, level: 'low', count: dice.int(1, 3), atMs: dice.int(500, 3_000) },
  { of: FLOOD, level: 'critical', count: 1, atMs: dice.int(500, 5_000) },
  { of: 2, level: 'critical', count: 2, atMs: dice.int(500, 5_000) },
  { of: FLOOD, level: 'high', count: dice.int(14, 20), atMs: dice.int(1_500, 2_500) },
]

/** One message that shall be sent: `due` is when its run was. */
type Wanted = {
  readonly run: RunId
  readonly vendor: VendorId
  readonly level: number
  readonly due: number
}
export type Rush = {
  readonly vendors: readonly Vendor[]
  readonly wanted: readonly Wanted[]
  /** The one that will have waited long, and from when on its row says so. */
  readonly old: { readonly run: RunId; readonly agesAt: Instant }
}

/** Long waits without the sweeps of a quarter of an hour: a row that was for later has, from now on, been due for long. */
export const age = (ask: Ask, { run, agesAt }: Rush['old']): Promise<unknown> =>
  ask(`update app.effect set due_at = $2::timestamptz, planned_at = $2::timestamptz where run_id = $1`, [
    run,
    isoOf(plusMs(agesAt, -OLD_MS)),
  ])

/** Vendors, a couple of each for each level with a run of theirs, and nobody at work yet. */
export async function peopleOfRush(engine: Engine, dice: Dice) {
  const vendors: (Vendor & { readonly runs: Map<Level, RunId> })[] = []
  for (const [n, levels] of SENT.entries()) {
    const canary = `rush${n}x${dice.int(1_000, 9_999)}`
    const facts = { name: canary, type: 'photographer', zone: 'Europe/London', region: 'GB', rules: {} }
    const id = (await addVendor(engine, facts)) as VendorId
    const journeys = [letter(canary)]
    await publish(engine, id, { ...journeys[0]!, by: 'sim' })
    const runs = new Map<Level, RunId>()
    for (const level of levels) runs.set(level, await runOf(engine, id, canary, level, level))
    vendors.push({ id, canary, zone: 'Europe/London', journeys, first: journeys, runs })
  }
  const { id: vendor, canary } = vendors[FLOOD]!
  const old = await runOf(engine, vendor, canary, 'low', 'old')
  await step(engine, [{ ref: { vendor, run: old } }])
  return { vendors, old }
}

async function runOf(
  engine: Engine,
  vendor: VendorId,
  canary: string,
  level: Level,
  name: string,
): Promise<RunId> {
  const on = isoOf(plusMs(engine.clock.now(), DAYS_TO_WEDDING[level] * DAY_MS)).slice(0, 10)
  const { client } = await addCouple(
    engine,
    vendor,
    {
      people: [{ ref: 'partner_a', name: `Anna ${canary}`, email: `${name}@${canary}.example` }],
      wedding: { on, zone: 'Europe/London' },
    },
    { source: 'sim', key: `${canary}-${name}` },
  )
  const event = { source: 'sim', key: `${canary}/${name}`, type: 'contract_signed', data: {} }
  const { started } = await receive(engine, vendor, { ...event, client: client as ClientId })
  return started[0]!.run
}

const letter = (canary: string): Written => ({
  key: 'letter',
  document: journeySchema.parse({
    format: 1,
    name: 'letter',
    category: 'sim',
    reentry: 'per_wedding',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'contract_signed' },
      {
        id: 'mail',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'transactional',
        config: { subject: canary, body: 'Dear you' },
      },
    ],
    edges: [{ from: 'begin', to: 'mail' }],
  }),
})

/** All stand in one line: on shards of their own nobody would stand behind anybody. */
const onOneShard = (id: string): RunId => `${id.slice(0, -2)}07` as RunId

/** The rush itself: copies of these runs, due when their wave comes. */
export async function planRush(
  ask: Ask,
  dice: Dice,
  { vendors, old }: Awaited<ReturnType<typeof peopleOfRush>>,
  from: Instant,
): Promise<Rush> {
  const wanted: Wanted[] = []
  for (const { of, level, count, atMs } of drawWaves(dice)) {
    const { id: vendor, runs } = vendors[of]!
    const copies = Array.from({ length: count }, () => onOneShard(dice.rng.uuid7(from)))
    const due = plusMs(from, atMs)
    await ask(
      `insert into app.run (vendor_id, run_id, journey_id, version, client_id, wedding_id, shard, band, due_at, status, entry_key, state)
       select r.vendor_id, x.id, r.journey_id, r.version, r.client_id, r.wedding_id, x.shard, r.band, $4::timestamptz, 'active', 'copy:' || x.id, l.state
         from app.run r cross join unnest($2::uuid[], $3::smallint[]) as x(id, shard)
        cross join (select state from app.run where run_id = $5) l
        where r.run_id = $1`,
      [runs.get(level), copies, copies.map(shardOf), isoOf(due), vendors[FLOOD]!.runs.get(level)],
    )
    wanted.push(...copies.map((run) => ({ run, vendor, level: LEVELS.indexOf(level), due })))
  }
  const agesAt = plusMs(from, AGES_AFTER_MS)
  await ask(`update app.effect set due_at = $2::timestamptz where run_id = $1`, [
    old,
    isoOf(plusMs(from, HOUR_MS)),
  ])
  wanted.push({ run: old, vendor: vendors[FLOOD]!.id, level: LEVELS.indexOf('low'), due: agesAt - OLD_MS })
  return { vendors, wanted, old: { run: old, agesAt } }
}

// What must hold

const HIGHER_WAITS_MS_MAX = SECOND_MS
const FIRST_WAITS_MS_MAX = 2 * SECOND_MS
/** If all seats are taken by what is urgent as well, one has to become free first. */
const CRITICAL_WAITS_MS_MAX = SECOND_MS + RUSH_CALL_MS
/** What has grown old is looked for with each sweep, and taken with the third at the latest: urgent work may fill all seats at one. */
const OLD_FOUND_MS_MAX = 7 * SECOND_MS
const KEPT_SHARE = 0.2
const ORDINARY_FROM = LEVELS.indexOf('medium')
/** Who has waited rises by a level in so long, to high at most; so nothing waits for a quarter of an hour. */
const RISES_AFTER_MS = 7 * MINUTE_MS

type Told = Wanted & { readonly planned: number; readonly begun: number; readonly ended: number }

export async function auditRush(ask: Ask, violate: Violate, { wanted, old }: Rush): Promise<void> {
  const rows = await ask<{ run_id: RunId; planned: number; begun: number; ended: number | null }>(
    `select e.run_id, (extract(epoch from e.planned_at) * 1000)::float8 as planned,
            (extract(epoch from min(a.started_at)) * 1000)::float8 as begun, (extract(epoch from e.settled_at) * 1000)::float8 as ended
       from app.effect e join app.effect_attempt a using (vendor_id, effect_id) group by e.vendor_id, e.effect_id order by 1`,
  )
  const byRun = new Map(rows.map((row) => [row.run_id, row]))
  const told: Told[] = wanted.flatMap((one) => {
    const row = byRun.get(one.run)
    if (!row || row.ended === null) {
      violate('14 quiescence', `run ${one.run} of the rush was never told to anybody`)
      return []
    }
    return [{ ...one, planned: Math.max(row.planned, one.due), begun: row.begun, ended: row.ended }]
  })
  auditOrder(told, violate)
  auditKept(told, violate)
  auditWaits(told, violate)
  auditAge(told, old, violate)
}

const levelAt = (one: Told, at: number): number =>
  one.level < ORDINARY_FROM
    ? one.level
    : Math.max(1, one.level - Math.floor((at - one.planned) / RISES_AFTER_MS))
const isUnderWay = (one: Told, at: number): boolean => one.begun <= at && at < one.ended

/** Nobody is begun before somebody more urgent who has stood there for a second, save one whose vendor has less in hand. */
function auditOrder(told: readonly Told[], violate: Violate): void {
  const inHand = (vendor: VendorId, at: number): number =>
    told.filter((one) => one.vendor === vendor && isUnderWay(one, at)).length
  for (const low of told) {
    const at = low.begun
    const high = told.find(
      (one) => one.planned + HIGHER_WAITS_MS_MAX < at && one.begun > at && one.level < levelAt(low, at),
    )
    if (!high || inHand(low.vendor, at) < inHand(high.vendor, at) + (low.vendor === high.vendor ? 0 : 1))
      continue
    violate(
      '9 priority',
      `run ${low.run} (${LEVELS[low.level]}) was sent to while run ${high.run} (${LEVELS[high.level]}) had waited for ${Math.round(at - high.planned)} ms`,
    )
  }
}

/** Of the seats a fifth is never taken by what is neither urgent nor old. */
function auditKept(told: readonly Told[], violate: Violate): void {
  const most = Math.floor(RUSH_SETTINGS.sendsMax * (1 - KEPT_SHARE))
  for (const { begun: at } of told) {
    const ordinary = told.filter((one) => isUnderWay(one, at) && levelAt(one, one.begun) >= ORDINARY_FROM)
    if (ordinary.length > most)
      return violate('9 priority', `${ordinary.length} ordinary messages were under way, of ${most} at most`)
  }
}

function auditWaits(told: readonly Told[], violate: Violate): void {
  for (const one of told) {
    const waited = one.begun - one.due
    if (one.level === 0 && waited > CRITICAL_WAITS_MS_MAX)
      violate('9 priority', `run ${one.run} of a wedding day waited for ${Math.round(waited)} ms`)
    const isFirst = !told.some(
      (other) =>
        other !== one && other.vendor === one.vendor && other.due <= one.due && other.ended > one.due,
    )
    if (isFirst && waited > FIRST_WAITS_MS_MAX && waited < RISES_AFTER_MS)
      violate(
        '9 priority',
        `run ${one.run} was its vendor's only one and waited for ${Math.round(waited)} ms behind another's flood`,
      )
  }
}

/** Nothing waits for a quarter of an hour: what has waited almost that long goes before all that is ordinary. */
function auditAge(told: readonly Told[], { run, agesAt }: Rush['old'], violate: Violate): void {
  const old = told.find((one) => one.run === run)
  const from = agesAt + OLD_FOUND_MS_MAX
  const younger = told.filter(
    (one) => one.level >= ORDINARY_FROM && one.begun > from && one.begun < (old?.begun ?? 0),
  )
  if (younger.length > 0)
    violate(
      '9 priority',
      `run ${run} had waited for a quarter of an hour and ${younger.length} younger ones went before it`,
    )
}
