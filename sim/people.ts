import type { ClientId, Json, VendorId, WeddingId } from '../src/core/ids.ts'
import type { Journey } from '../src/core/journey/graph.ts'
import { Refusal } from '../src/core/refusal.ts'
import type { Command } from '../src/core/run/event.ts'
import { DAY_MS, HOUR_MS, type Instant, isoOf, MINUTE_MS, plusMs } from '../src/core/time/instant.ts'
import { changeDetails, type DetailsChange, undoDetails } from '../src/engine/change-details.ts'
import { addCouple, type NewCouple } from '../src/engine/clients.ts'
import { allowIn, refuseIn } from '../src/engine/consent.ts'
import { approve, command, taskDone, undoCommand } from '../src/engine/control.ts'
import { requeue } from '../src/engine/dead-letters.ts'
import type { Engine } from '../src/engine/engine.ts'
import { setHeldIn } from '../src/engine/hold-everything.ts'
import { markOfAddress } from '../src/engine/mark.ts'
import { publish, rollBack } from '../src/engine/publish.ts'
import { type Incoming, receive } from '../src/engine/receive.ts'
import { retrying } from '../src/engine/retrying.ts'
import { ringRuns } from '../src/engine/ring.ts'
import type { Dice } from './dice.ts'
import type { Faults } from './faults.ts'
import type { Dates } from './oracle-time.ts'
import { nextVersion, type Written } from './shapes.ts'

/**
 * What vendors and couples do: a list of deeds, each at its moment. A deed with a key is repeated by whoever sent
 * it until it was acknowledged, with the same key; one without is done once and may be lost.
 */
export type Deed = {
  readonly at: Instant
  readonly what: string
  /** Repeated until acknowledged. */
  readonly keyed: boolean
  do(engine: Engine): Promise<void>
}

export type Vendor = {
  readonly id: VendorId
  readonly canary: string
  readonly zone: string
  journeys: Written[]
  /** As they were before anybody published again. */
  readonly first: readonly Written[]
}
/** What the world knows of a couple, by acknowledgements alone. */
export type Couple = {
  readonly vendor: Vendor
  readonly key: string
  readonly people: NewCouple['people']
  client: ClientId | null
  wedding: WeddingId | null
  readonly budget: number | null
  /** The wedding as the couple first told of it. */
  readonly dates: Dates
  /** Somebody has tried to change it, or what they want to hear. */
  changed: boolean
}
export type Acknowledged = {
  readonly vendor: VendorId
  readonly source: string
  readonly key: string
  readonly client: ClientId
  readonly type: string
}

export type PeopleFacts = {
  readonly dice: Dice
  readonly faults: Faults
  readonly start: Instant
  readonly vendors: readonly Vendor[]
  readonly couplesPerVendor: number
  readonly acknowledged: Acknowledged[]
  /** What was answered to each key. */
  readonly answers: Map<string, string>
  readonly violate: (rule: string, what: string) => void
  readonly plan: (deed: Deed) => void
}

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Pacific/Auckland',
  'Australia/Lord_Howe',
  'America/Los_Angeles',
] as const
const DAYS_MAX = 40

const dayOf = (at: number): string => isoOf(at as Instant).slice(0, 10)

/** Plans everything that will be done in this world; what a deed needs to know it reads when it is done. */
export function planDeeds(facts: PeopleFacts): Couple[] {
  const { vendors } = facts
  const couples: Couple[] = []
  for (const vendor of vendors) {
    for (let n = 0; n < facts.couplesPerVendor; n += 1) {
      couples.push(planCouple(facts, vendor, n))
    }
    planPublishing(facts, vendor)
    planRequeues(facts, vendor)
    planBrake(facts, vendor)
  }
  return couples
}

function drawPeople(dice: Dice, vendor: Vendor, n: number): NewCouple['people'] {
  const address = (who: string): string => `${who}${n}@${vendor.canary}.example`
  const a = { ref: 'partner_a', name: `Anna ${vendor.canary}`, email: address('a') }
  if (dice.chance(0.5)) return [a]
  return [
    a,
    {
      ref: 'partner_b',
      name: `Ben ${vendor.canary}`,
      ...(dice.chance(0.8) ? { email: dice.chance(0.3) ? address('a') : address('b') } : {}),
    },
  ]
}

function planCouple(facts: PeopleFacts, vendor: Vendor, n: number): Couple {
  const { dice, faults, start, plan, acknowledged } = facts
  const people = drawPeople(dice, vendor, n)
  const born = start + dice.int(0, 5) * DAY_MS + dice.int(0, DAY_MS)
  const weddingAt = born + dice.int(6, DAYS_MAX) * DAY_MS
  const known = dice.chance(0.9)
  const zone = dice.pick(ZONES)
  const couple: Couple = {
    vendor,
    key: `${vendor.canary}-${n}`,
    people,
    client: null,
    wedding: null,
    budget: dice.chance(0.5) ? 20_000 : null,
    dates: { wedding: known ? dayOf(weddingAt) : null, venue: zone, vendor: vendor.zone },
    changed: false,
  }
  let keys = 0
  const at = (days: number): Instant =>
    (born + Math.floor(days * DAY_MS) + dice.int(1, 12) * 5 * MINUTE_MS) as Instant
  const during = (): number => dice.share() * ((weddingAt - born) / DAY_MS)

  plan({
    at: born as Instant,
    what: `${couple.key} becomes known`,
    keyed: true,
    async do(engine) {
      const added = await addCouple(
        engine,
        vendor.id,
        {
          people: couple.people,
          ...(couple.budget === null ? {} : { fields: { budget: couple.budget } }),
          wedding: { ...(known ? { on: dayOf(weddingAt) } : {}), zone, guests: 80 },
        },
        { source: 'sim', key: couple.key },
      )
      isSameAnswer(facts, couple.key, added.client)
      couple.client = added.client
      couple.wedding ??= added.wedding
      acknowledged.push({
        vendor: vendor.id,
        source: 'sim',
        key: couple.key,
        client: added.client,
        type: 'client_added',
      })
    },
  })
  const event = (days: number, type: string, data: { [key: string]: Json } = {}): void => {
    keys += 1
    const key = `${couple.key}/${type}/${keys}`
    const tell = (when: Instant): void =>
      plan({
        at: when,
        what: `${couple.key}: ${type}`,
        keyed: true,
        async do(engine) {
          if (!couple.client) throw new Error('the couple is not known yet')
          const incoming: Incoming = {
            source: 'sim',
            key,
            type,
            client: couple.client,
            data,
            ...(type === 'form_submitted' ? { personal: { diet: `${vendor.canary} vegan` } } : {}),
          }
          const { event, started, woken } = await receive(engine, vendor.id, incoming)
          isSameAnswer(facts, key, [event, started.map((one) => `${one.journey} ${one.run}`), woken])
          acknowledged.push({ vendor: vendor.id, source: 'sim', key, client: couple.client, type })
        },
      })
    const when = at(days)
    tell(when)
    if (faults.strikes('event_twice')) tell(plusMs(when, dice.int(0, 2 * HOUR_MS)))
    if (faults.strikes('events_at_once')) tell(when)
  }
  event(0.2, 'contract_signed')
  if (dice.chance(0.4)) event(dice.share() * 3, 'inquiry_received')
  if (dice.chance(0.5)) event(1 + dice.share() * 4, 'form_submitted', { form: 'details' })
  if (faults.strikes('event_after_timeout')) event(9, 'form_submitted', { form: 'details' })
  if (dice.chance(0.5)) event(1 + dice.share() * 5, 'payment_received', { amount: 500 })

  const details = (days: number, what: string, change: Omit<DetailsChange, 'wedding'>): void =>
    planDetails(facts, couple, at(days), what, change)
  const moveTo = (days: number, to: number): void =>
    details(days, `wedding moves to ${dayOf(to)}`, {
      anchors: { wedding: { is: 'day', on: dayOf(to) as never } },
      status: 'moved',
    })
  if (!known) moveTo(during(), weddingAt)
  if (faults.strikes('date_moved')) {
    const when = during()
    moveTo(when, weddingAt + dice.int(-40, 40) * DAY_MS)
    if (faults.strikes('date_moved_back')) moveTo(when + dice.share() * 10, weddingAt)
  }
  if (faults.strikes('date_unknown')) {
    const when = during()
    details(when, 'the date is to be confirmed', { anchors: { wedding: null } })
    moveTo(when + 1 + dice.share() * 9, weddingAt + dice.int(0, 20) * DAY_MS)
  }
  if (faults.strikes('zone_changed')) details(during(), 'the venue changes', { zone: dice.pick(ZONES) })
  if (faults.strikes('wedding_cancelled'))
    details(during(), 'the wedding is cancelled', { status: 'cancelled' })
  planCommands(facts, couple, at, during)
  if (faults.strikes('unsubscribed')) planWish(facts, couple, at(during()))
  return couple
}

/** Invariant 11: who asks again under the same key is told the same. */
function isSameAnswer({ answers, violate }: PeopleFacts, key: string, answer: unknown): void {
  const told = JSON.stringify(answer)
  const before = answers.get(key)
  if (before !== undefined && before !== told)
    violate('11 same answer', `${key} was answered with ${told}, before that with ${before}`)
  answers.set(key, told)
}

/** Somebody does not want to hear some of it any more, and perhaps does again. */
function planWish({ dice, faults, plan }: PeopleFacts, couple: Couple, at: Instant): void {
  const { id: vendor } = couple.vendor
  const { email } = dice.pick(couple.people)
  if (!email) return
  const classes = dice.pick([
    ['relationship', 'marketing'],
    ['transactional', 'relationship', 'marketing'],
  ] as const)
  const wish = (when: Instant, what: string, change: typeof refuseIn | typeof allowIn): void =>
    plan({
      at: when,
      what: `${couple.key}: ${what}`,
      keyed: false,
      async do(engine) {
        couple.changed = true
        const touched = await retrying(engine, () =>
          engine.db.tx(`consent.${what}`, { vendors: [vendor] }, async (sql) => {
            const mark = (await markOfAddress(engine, sql, vendor, 'email', email))!
            const whose = { vendor, way: 'email', mark, actor: 'couple' } as const
            return change === refuseIn
              ? refuseIn(engine, sql, whose, classes, 'unsubscribed')
              : allowIn(engine, sql, whose, classes, 'person').then(() => [])
          }),
        )
        ringRuns(engine, touched)
      },
    })
  wish(at, 'unsubscribes', refuseIn)
  if (faults.strikes('allowed_again')) wish(plusMs(at, dice.int(1, 9) * DAY_MS), 'wants it again', allowIn)
}

function planDetails(
  { faults, dice, plan }: PeopleFacts,
  couple: Couple,
  at: Instant,
  what: string,
  change: Omit<DetailsChange, 'wedding'>,
): void {
  const { id } = couple.vendor
  plan({
    at,
    what: `${couple.key}: ${what}`,
    keyed: false,
    async do(engine) {
      const wedding = await weddingOf(engine, couple)
      if (!wedding) return
      couple.changed = true
      const receipt = await changeDetails(engine, id, [{ ...change, wedding }], 'sim')
      if (!faults.strikes('details_undone')) return
      await engine.clock.sleepUntil(
        plusMs(engine.clock.now(), dice.int(1, 12) * MINUTE_MS),
        'second thoughts',
      )
      await undoDetails(engine, id, receipt.changes[0]!, 'sim')
    },
  })
}

type Orders = (run: LiveRun, engine: Engine) => Command | null
type Which = (run: LiveRun) => boolean

function planOrder(
  { faults, dice, plan }: PeopleFacts,
  couple: Couple,
  at: Instant,
  what: string,
  make: Orders,
  which: Which = () => true,
): void {
  const { id } = couple.vendor
  plan({
    at,
    what: `${couple.key}: ${what}`,
    keyed: false,
    async do(engine) {
      const runs = (await liveRuns(engine, couple)).filter(which)
      if (runs.length === 0) return
      const run = dice.pick(runs)
      const wanted = make(run, engine)
      if (!wanted) return
      const [result] = await command(engine, id, [run.run_id as never], wanted, 'sim')
      if (result?.is !== 'obeyed' || !faults.strikes('command_undone')) return
      await engine.clock.sleepUntil(
        plusMs(engine.clock.now(), dice.int(1, 11 * 60) * 1_000),
        'second thoughts',
      )
      await undoCommand(engine, id, result.command, 'sim')
    },
  })
}

/** Somebody thinks better of it at the very moment at which something is on its way. */
export function meddle(facts: PeopleFacts, couple: Couple, now: Instant): void {
  const { dice } = facts
  const at = plusMs(now, dice.pick([0, dice.int(0, 200)]))
  const isOnItsWay: Which = (run) => run.state.includes('"is":"acting"')
  const resume = (): void =>
    planOrder(
      facts,
      couple,
      plusMs(at, dice.int(1, 90) * MINUTE_MS),
      'resume',
      () => ({ do: 'resume' }),
      (run) => run.status === 'paused',
    )
  switch (dice.pick(['pause', 'pause', 'stop', 'skip', 'snooze', 'move', 'move', 'unsubscribe'] as const)) {
    case 'unsubscribe':
      return planWish(facts, couple, at)
    case 'pause':
      planOrder(facts, couple, at, 'pause at once', () => ({ do: 'pause' }), isOnItsWay)
      return resume()
    case 'stop':
      return planOrder(facts, couple, at, 'stop at once', () => ({ do: 'stop', reason: 'sim' }), isOnItsWay)
    case 'skip':
      return planOrder(facts, couple, at, 'skip at once', () => ({ do: 'skip' }), isOnItsWay)
    case 'snooze':
      return planOrder(facts, couple, at, 'snooze at once', (_run, engine) => ({
        do: 'snooze',
        until: plusMs(engine.clock.now(), dice.int(1, 50) * HOUR_MS),
      }))
    case 'move': {
      const on = dayOf(now + dice.int(2, 40) * DAY_MS)
      return planDetails(facts, couple, at, `wedding moves at once to ${on}`, {
        anchors: { wedding: { is: 'day', on: on as never } },
        status: 'moved',
      })
    }
  }
}

type LiveRun = { run_id: string; status: string; state: string }

function planCommands(
  facts: PeopleFacts,
  couple: Couple,
  at: (days: number) => Instant,
  during: () => number,
): void {
  const { dice, faults } = facts
  const { vendor } = couple
  const order = (days: number, what: string, make: Orders, which?: Which): void =>
    planOrder(facts, couple, at(days), what, make, which)
  if (faults.strikes('paused')) {
    const when = during()
    order(when, 'pause', () => ({ do: 'pause' }))
    for (const days of [dice.share() * 3, 6, 7])
      order(
        when + days,
        'resume',
        () => ({ do: 'resume' }),
        (run) => run.status === 'paused',
      )
  }
  if (faults.strikes('snoozed'))
    order(during(), 'snooze', (_run, engine) => ({
      do: 'snooze',
      until: plusMs(engine.clock.now(), dice.int(1, 90) * HOUR_MS),
    }))
  if (faults.strikes('skipped')) order(during(), 'skip', () => ({ do: 'skip' }))
  if (faults.strikes('done_now')) order(during(), 'do now', () => ({ do: 'do_now' }))
  if (faults.strikes('jumped'))
    order(during(), 'jump', (run) => ({ do: 'jump', to: dice.pick(nodesOf(vendor, run)) as never }))
  if (faults.strikes('stopped')) order(during(), 'stop', () => ({ do: 'stop', reason: 'sim' }))
  if (faults.strikes('restarted')) order(during(), 'restart', () => ({ do: 'restart' }))
  // Whatever is stuck is looked after by somebody in the end, as are gates.
  for (const days of [3, 14, DAYS_MAX + 2])
    order(
      days,
      'retry what is stuck',
      () => ({ do: 'retry' }),
      (run) => run.state.includes('"is":"stuck"'),
    )
  for (const days of [2, 6, 20, DAYS_MAX + 3]) planGates(facts, couple, at(days))
}

/** Somebody reads what could not be delivered and sends it once more, under its old key. */
function planRequeues({ dice, faults, start, plan }: PeopleFacts, vendor: Vendor): void {
  if (!faults.strikes('requeued')) return
  for (const day of [dice.int(3, 20), dice.int(21, DAYS_MAX + 10)])
    plan({
      at: (start + day * DAY_MS + dice.int(0, DAY_MS)) as Instant,
      what: `${vendor.canary} looks at dead letters`,
      keyed: false,
      async do(engine) {
        await requeue(engine, vendor.id, {}, 'sim')
      },
    })
}

/** Everything of a vendor stands still for a while, and goes on: whoever lets go tries until it holds. */
function planBrake({ dice, faults, start, plan }: PeopleFacts, vendor: Vendor): void {
  if (!faults.strikes('everything_held')) return
  const day = dice.int(1, 30)
  const turn = (days: number, held: boolean): void =>
    plan({
      at: (start + Math.floor(days * DAY_MS)) as Instant,
      what: `${vendor.canary} ${held ? 'holds everything' : 'lets everything go on'}`,
      keyed: true,
      async do(engine) {
        const told = await retrying(engine, () =>
          engine.db.tx('sending.held', { vendors: [vendor.id] }, (sql) =>
            setHeldIn(engine, sql, vendor.id, held, 'sim'),
          ),
        )
        ringRuns(engine, told)
      },
    })
  turn(day + dice.share(), true)
  turn(day + 1 + dice.share() * dice.pick([0.1, 3]), false)
}

const nodesOf = (vendor: Vendor, _run: LiveRun): string[] =>
  vendor.journeys.flatMap((one) => one.document.nodes.map((node) => node.id))

/** A member looks at what waits for a person. */
function planGates({ dice, plan }: PeopleFacts, couple: Couple, at: Instant): void {
  plan({
    at,
    what: `${couple.key}: somebody looks at open tasks`,
    keyed: false,
    async do(engine) {
      if (!couple.client) return
      const { id } = couple.vendor
      const open = await engine.db.tx('sim.gates', { vendors: [id] }, async (sql) => ({
        tasks: await sql<{ run_id: string; name: string }>`
          select t.run_id, t.name from app.task t join app.run r using (vendor_id, run_id)
           where t.vendor_id = ${id} and r.client_id = ${couple.client} and t.state = 'open' order by t.run_id, t.name`,
        approvals: await sql<{ run_id: string; name: string }>`
          select a.run_id, a.name from app.approval a join app.run r using (vendor_id, run_id)
           where a.vendor_id = ${id} and r.client_id = ${couple.client} and a.state = 'open' order by a.run_id, a.name`,
      }))
      for (const one of open.approvals)
        await approve(
          engine,
          id,
          one.run_id as never,
          one.name,
          dice.chance(0.8) ? 'approved' : 'skipped',
          'sim',
        )
      for (const one of open.tasks) await taskDone(engine, id, one.run_id as never, one.name, 'sim')
    },
  })
}

function planPublishing({ dice, faults, start, plan }: PeopleFacts, vendor: Vendor): void {
  if (!faults.strikes('published_again')) return
  const at = (start + dice.int(1, 40) * DAY_MS) as Instant
  plan({
    at,
    what: `${vendor.canary} publishes again`,
    keyed: false,
    async do(engine) {
      const one = dice.pick(vendor.journeys)
      const document: Journey = nextVersion(dice, one.document, faults.strikes('node_removed'))
      const plan = dice.pick([{ is: 'finish_old' }, { is: 'move', redirects: {} }] as const)
      const receipt = await publish(engine, vendor.id, { key: one.key, document, by: 'sim', plan })
      vendor.journeys = vendor.journeys.map((known) =>
        known.key === one.key ? { ...known, document } : known,
      )
      if (!faults.strikes('rolled_back')) return
      await engine.clock.sleepUntil(
        plusMs(engine.clock.now(), dice.int(1, 3_000) * MINUTE_MS),
        'second thoughts',
      )
      await rollBack(engine, vendor.id, receipt.publication, 'sim')
    },
  })
}

async function weddingOf(engine: Engine, couple: Couple): Promise<WeddingId | null> {
  if (couple.wedding || !couple.client) return couple.wedding
  const { id } = couple.vendor
  const rows = await engine.db.tx(
    'sim.wedding',
    { vendors: [id] },
    (sql) => sql<{ wedding_id: WeddingId | null }>`
    select wedding_id from app.client where vendor_id = ${id} and client_id = ${couple.client}`,
  )
  couple.wedding = rows[0]?.wedding_id ?? null
  return couple.wedding
}

async function liveRuns(engine: Engine, couple: Couple): Promise<LiveRun[]> {
  if (!couple.client) return []
  const { id } = couple.vendor
  return engine.db.tx(
    'sim.runs',
    { vendors: [id] },
    (sql) => sql<LiveRun>`
    select run_id, status, state from app.run
     where vendor_id = ${id} and client_id = ${couple.client} and status in ('active', 'waiting', 'paused') order by run_id`,
  )
}

/** A refusal is an answer; anything else means nobody knows, and whoever has a key asks again. */
export const isAnswer = (error: unknown): boolean => error instanceof Refusal && error.code !== 'conflict'
