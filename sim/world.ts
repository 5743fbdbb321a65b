import { fileURLToPath } from 'node:url'
import type { VendorId } from '../src/core/ids.ts'
import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  instantFrom,
  MINUTE_MS,
  plusMs,
  SECOND_MS,
} from '../src/core/time/instant.ts'
import type { Engine } from '../src/engine/engine.ts'
import { publish } from '../src/engine/publish.ts'
import { addVendor } from '../src/engine/vendors.ts'
import { readMigrations } from '../src/store/migrate.ts'
import { masterKeyOf } from '../src/vault/master-key.ts'
import { memoryKeyStore } from '../src/vault/memory-key-store.ts'
import { deterministicVault } from '../src/vault/vault.ts'
import { Auditor, type Violation } from './auditor.ts'
import type { Bug } from './bugs.ts'
import { Loaded } from './coverage.ts'
import { lineLost, type SessionTurn } from './database.ts'
import { type Dice, diceOf } from './dice.ts'
import type { Compared } from './differential.ts'
import { drawFaults, type FaultKind, type Faults } from './faults.ts'
import {
  type Acknowledged,
  type Couple,
  type Deed,
  isAnswer,
  meddle,
  type PeopleFacts,
  planDeeds,
  type Vendor,
} from './people.ts'
import { type SimDatabase, startPglite } from './pglite.ts'
import { letterComesBack } from './post.ts'
import { engineOf, type House, makeBell, newer, startWorkerOn } from './processes.ts'
import { type Manners, Providers } from './provider.ts'
import {
  age,
  peopleOfRush,
  planRush,
  RUSH_CALL_MS,
  RUSH_FAULTS,
  RUSH_MINUTES,
  RUSH_SETTINGS,
  type Rush,
} from './rush.ts'
import { type Line, type Process, Scheduler } from './scheduler.ts'
import { drawJourneys, type Written } from './shapes.ts'
import { countdown, forgetZoneData, planWorldOfDates } from './world-of-dates.ts'

/**
 * One world: a few vendors and couples, one to three workers, some two months of virtual time, and whatever can go
 * wrong. Everything follows from the seed. In a *safety* world the faults never stop and nothing may be wrong; in a
 * *liveness* world they stop, and then everything must come to rest.
 */
export type WorldOptions = {
  readonly seed: number
  readonly bug?: Bug | null
  /** A fixed scenario instead of a drawn one. */
  readonly scenario?: Scenario
  /** Port calls at which the process that makes them dies; the rest of the world is without faults. */
  readonly crashAt?: readonly number[]
  /** Vendors change their calendars, and the zone data change. */
  readonly dates?: true
  /** One vendor has more to send than there are places (sim/rush.ts). */
  readonly rush?: true
}
export type Scenario = {
  readonly journeys: (dice: Dice, canary: string) => readonly Written[]
  readonly couples: number
  readonly days: number
}

export type WorldReport = {
  readonly seed: number
  readonly hash: string
  readonly violations: readonly Violation[]
  readonly faults: ReadonlyMap<FaultKind, number>
  readonly faultsOn: number
  readonly steps: number
  readonly calls: number
  readonly virtualDays: number
  readonly complete: boolean
  readonly mode: 'safety' | 'liveness'
  readonly sends: number
  /** Events that met a run in a state. */
  readonly pairs: readonly string[]
  readonly compared: Compared
  /** Crashes of a crash loop that came to pass. */
  readonly crashed: number
  readonly lines: readonly Line[]
  /** What the tables and the providers say of what went wrong. */
  readonly dossier: readonly string[]
}

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url))
const WORLDS_PER_DATABASE = 400
const STEPS_MAX = 12_000
const STEPS_FAULTY_MAX = 4_000
/** A world with a planted bug is looked at in between as it is at its end: most bugs need no whole world. */
const STEPS_BETWEEN_LOOKS = 300
/** Nothing that lies further ahead than this is waited for step by step when all is quiet. */
const FOLD_FROM_MS = 2 * SECOND_MS
const HORIZON_DAYS = 95
/** Between the plan of a message and its outcome. */
const MEDDLED_AT = /^(begin execute|prepare |send |reply|statement #execute)/
const LATER_EVERY = 4
const isPlain = ({ bug, scenario, rush, dates }: WorldOptions): boolean => !(bug || scenario || rush || dates)
/** So long a release takes to be rolled out. */
const OLDER_MS_MAX = 2 * MINUTE_MS
const RESTART_MS_MAX = 40 * SECOND_MS
const STARTS = [
  '2027-01-10T08:00:00Z',
  '2027-03-01T10:00:00Z',
  '2028-02-01T21:00:00Z',
  '2027-09-15T06:30:00Z',
  '2027-11-20T23:30:00Z',
] as const

let database: Promise<SimDatabase> | null = null
let worlds = 0

async function freshDatabase(): Promise<SimDatabase> {
  if (database && worlds % WORLDS_PER_DATABASE === 0) {
    await (await database).close()
    database = null
  }
  worlds += 1
  database ??= readMigrations(MIGRATIONS).then((migrations) => startPglite(migrations))
  const one = await database
  await one.reset()
  return one
}

export async function closeWorlds(): Promise<void> {
  if (database) await (await database).close()
  database = null
}

export async function runWorld(options: WorldOptions): Promise<WorldReport> {
  const world = new World(await freshDatabase(), options)
  try {
    await world.prepare()
    await world.live()
    return world.report()
  } finally {
    if (options.dates) forgetZoneData()
  }
}

class World {
  readonly #options: WorldOptions
  readonly #db: SimDatabase
  readonly #dice: Dice
  readonly #scheduler: Scheduler
  readonly #faults: Faults
  readonly #providers = new Providers()
  readonly #session: SessionTurn = { holder: null, refusesUntil: 0 }
  readonly #house: House
  readonly #auditor: Auditor
  readonly #acknowledged: Acknowledged[] = []
  readonly #vendors: Vendor[] = []
  readonly #bystander: Process
  #couples: Couple[] = []
  #api: { process: Process; engine: Engine } | null = null
  #mortal: Process[] = []
  readonly #workers = new Map<Process, ReturnType<typeof startWorkerOn>>()
  readonly #start: Instant
  readonly #mode: 'safety' | 'liveness'
  #end = 0
  #healAt = 0
  #healed = false
  #crashes: number[]
  /** An engine without faults, for what is done before and read after. */
  #calm: Engine | null = null

  constructor(db: SimDatabase, options: WorldOptions) {
    this.#options = options
    this.#db = db
    this.#dice = diceOf(options.seed)
    this.#start = instantFrom(this.#dice.pick(STARTS))
    this.#scheduler = new Scheduler(this.#dice.fork(), this.#start)
    this.#faults = drawFaults(
      this.#dice.fork(),
      options.scenario !== undefined || this.#isRush,
      this.#isRush ? RUSH_FAULTS : options.bug?.ground?.faults,
      isPlain(options) && options.seed % LATER_EVERY === LATER_EVERY - 1 ? diceOf(-options.seed) : null,
    )
    this.#mode = options.scenario || this.#isRush || this.#dice.chance(0.75) ? 'liveness' : 'safety'
    this.#crashes = [...(options.crashAt ?? [])]
    this.#auditor = new Auditor({
      db,
      scheduler: this.#scheduler,
      providers: this.#providers,
      acknowledged: this.#acknowledged,
      vendors: this.#vendors,
      couples: () => this.#couples,
      ...(options.dates ? { commitsBetweenWaits: 2 } : {}),
      engine: () => ({ ...this.#calm!, db: db.db }),
    })
    const vaultDice = this.#dice.fork()
    this.#house = {
      line: {
        world: db,
        scheduler: this.#scheduler,
        faults: this.#faults,
        session: this.#session,
        rewrite: options.bug?.rewrite ?? ((text) => text),
        committed: (name, process) => this.#auditor.committed(name, process),
        seen: (name, scope, rows) => {
          this.#loaded.seen(rows)
          this.#auditor.seen(name, scope, rows)
        },
      },
      scheduler: this.#scheduler,
      faults: this.#faults,
      providers: this.#providers,
      vault: deterministicVault({
        store: memoryKeyStore(),
        masters: [masterKeyOf(new Uint8Array(32).fill(7))],
        rng: vaultDice.rng,
      }),
      bell: makeBell(this.#scheduler, this.#faults),
      bug: options.bug ?? null,
      ...(this.#isRush ? { settings: RUSH_SETTINGS } : {}),
    }
    this.#bystander = this.#scheduler.process('world')
  }

  get #isRush(): boolean {
    return this.#options.rush === true || this.#options.bug?.ground?.rush === true
  }

  async prepare(): Promise<void> {
    await (this.#isRush ? this.#prepareRush() : this.#prepareBook())
  }

  async #prepareRush(): Promise<void> {
    const dice = diceOf(this.#options.seed)
    const engine = engineOf(this.#house, this.#bystander)
    this.#calm = engine
    this.#providers.takesMs = RUSH_CALL_MS
    const people = peopleOfRush(engine, dice)
    await this.#until(people)
    const { session } = this.#db
    const from = plusMs(this.#scheduler.now, 2 * SECOND_MS)
    this.#rush = await planRush((text, values) => session.query(text, values), dice, await people, from)
    this.#vendors.push(...this.#rush.vendors)
    this.#end = this.#scheduler.now + RUSH_MINUTES * MINUTE_MS
    this.#healAt = Number.POSITIVE_INFINITY
    this.#providers.onCall = (call, process) => this.#auditor.called(call, process)
    this.#startWorker('worker-1')
  }
  #rush: Rush | null = null
  #aged = false

  async #ageInRush(): Promise<void> {
    if (!this.#rush || this.#aged || this.#session.holder || this.#scheduler.now < this.#rush.old.agesAt)
      return
    this.#aged = true
    await age((text, values) => this.#db.session.query(text, values), this.#rush.old)
  }

  /** Vendors and their first journeys, before anything can go wrong. */
  async #prepareBook(): Promise<void> {
    const { scenario } = this.#options
    const dice = this.#dice
    const calm = { ...this.#house, faults: drawFaults(diceOf(1), true) }
    const engine = engineOf({ ...calm, line: { ...calm.line, faults: calm.faults } }, this.#bystander)
    this.#calm = engine
    const work = (async () => {
      for (let n = 1; n <= (scenario ? 1 : dice.int(1, 2)); n += 1) {
        const canary = `canary${n}x${dice.int(1_000, 9_999)}`
        const zone = dice.pick(['Europe/London', 'America/New_York', 'Pacific/Auckland'] as const)
        const id = (await addVendor(engine, {
          name: `Vendor ${canary}`,
          type: 'photographer',
          zone,
          region: 'GB',
          rules: {},
        })) as VendorId
        this.#providers.manners.set(id, dice.pick<Manners>(['keys', 'look_up', 'neither']))
        const written = [
          ...(scenario
            ? scenario.journeys(dice, canary)
            : drawJourneys(dice, canary, this.#options.bug?.ground?.journeys)),
          ...(this.#options.dates ? [countdown()] : []),
        ]
        const journeys = this.#faults.on.has('older_code') ? written.map(newer) : written
        for (const { key, document } of journeys) await publish(engine, id, { key, document, by: 'sim' })
        this.#vendors.push({ id, canary, zone, journeys, first: journeys })
      }
    })()
    await this.#until(work)
    const days = scenario?.days ?? HORIZON_DAYS
    this.#end = this.#scheduler.now + days * DAY_MS
    this.#healAt =
      this.#mode === 'safety' ? Number.POSITIVE_INFINITY : this.#scheduler.now + dice.int(15, 60) * DAY_MS
    const people: PeopleFacts = {
      dice,
      faults: this.#faults,
      start: this.#scheduler.now,
      vendors: this.#vendors,
      acknowledged: this.#acknowledged,
      answers: new Map(),
      couplesPerVendor: scenario?.couples ?? dice.int(1, 2),
      violate: (rule, what) => this.#auditor.violate(rule, what),
      plan: (deed) => this.#at(deed.at, deed.what, () => this.#attempt(deed, 1)),
    }
    this.#couples = planDeeds(people)
    if (this.#options.dates)
      planWorldOfDates({ ...people, dice: diceOf(this.#options.seed), couples: this.#couples })
    this.#providers.onCall = (call, process) => {
      this.#auditor.called(call, process)
      letterComesBack(people, this.#couples, call)
    }
    this.#meddle = () => {
      const near = this.#couples.filter((one) => one.vendor.id === this.#providers.asked)
      const couples = near.length > 0 ? near : this.#couples
      if (couples.length > 0) meddle(people, dice.pick(couples), this.#scheduler.now)
    }
    this.#scheduler.onCall = (process, label) => this.#strike(process, label)
    this.#scheduler.calls = 0
    this.#startApi()
    const drawn = scenario ? 1 : dice.pick([1, 1, 1, 2, 2, 3])
    const workers = this.#options.bug?.ground?.workers ?? drawn
    for (let n = 1; n <= workers; n += 1) this.#startWorker(`worker-${n}`)
    if (!scenario) this.#planUpsets()
  }

  async #until(work: Promise<unknown>): Promise<void> {
    let over = false
    let failed: unknown = null
    work.then(
      () => {
        over = true
      },
      (error: unknown) => {
        over = true
        failed = error
      },
    )
    await this.#scheduler.settled()
    while (!over && (await this.#scheduler.step()));
    if (failed) throw failed
  }

  async live(): Promise<void> {
    const scheduler = this.#scheduler
    await scheduler.settled()
    while (scheduler.now < this.#end && !this.#auditor.failed) {
      if (this.#mode === 'safety' && scheduler.steps > STEPS_FAULTY_MAX) break
      if (scheduler.steps > STEPS_MAX) {
        // Under faults that never stop a world may get nowhere; a healed one must come to rest.
        if (this.#healed)
          this.#auditor.violate(
            '12 bounded',
            `no end after ${STEPS_MAX} steps: something goes round and round`,
          )
        break
      }
      if (this.#session.holder === null) await this.#auditor.look()
      if (
        !this.#healed &&
        (scheduler.now >= this.#healAt || (this.#mode === 'liveness' && scheduler.steps > STEPS_FAULTY_MAX))
      )
        this.#heal()
      if (
        this.#options.bug &&
        !this.#rush &&
        scheduler.steps >= this.#looksAt &&
        this.#session.holder === null
      ) {
        this.#looksAt = scheduler.steps + STEPS_BETWEEN_LOOKS
        await this.#auditor.atTheEnd(false)
        if (this.#auditor.failed) break
      }
      await this.#ageInRush()
      await this.#foldQuiet()
      if (!(await scheduler.step())) break
    }
    // What is under way at the end of the world ends first, so that the books can be compared.
    while (this.#session.holder !== null && (await scheduler.step()));
    await this.#auditor.look()
    if (!this.#auditor.failed)
      await this.#auditor.atTheEnd(this.#healed || this.#options.scenario !== undefined)
    if (this.#rush) await this.#auditor.rushed(this.#rush)
    this.#pairs = await this.#loaded.pairs((text, values) => this.#db.session.query(text, values))
    if (this.#auditor.failed) this.#dossier = await this.#auditor.dossier()
  }
  #dossier: string[] = []
  readonly #loaded = new Loaded()
  #pairs: readonly string[] = []
  #looksAt = STEPS_BETWEEN_LOOKS
  #meddle: () => void = () => undefined

  /** Nothing to do but to wait: the loops of idle workers are not played through, their leases are carried along. */
  async #foldQuiet(): Promise<void> {
    const scheduler = this.#scheduler
    if (this.#session.holder !== null) return
    const { quiet, until } = scheduler.quietUntil()
    if (!quiet) return
    const row = await this.#nextRows()
    const next = row.next
    if (this.#healed && next !== null) this.#auditor.mustNotBeLate(next)
    if (row.sending) return this.#auditor.mustBeAdopted(await this.#orphan())
    const soonest = Math.min(
      until ?? Number.POSITIVE_INFINITY,
      next ?? Number.POSITIVE_INFINITY,
      this.#healed ? Number.POSITIVE_INFINITY : this.#healAt,
      this.#end,
    )
    const byMs = Math.floor(soonest - scheduler.now - 20)
    if (byMs < FOLD_FROM_MS) return
    const began = scheduler.now
    scheduler.fold(byMs)
    const awake = (process: Process): boolean => !process.dead && process.frozenUntil <= began
    const live = [...this.#workers]
      .filter(([process]) => awake(process))
      .map(([, { engine }]) => `'${engine.settings.workerId}'`)
    if (live.length === 0) return
    const carried = `set leased_until = leased_until + interval '${byMs} milliseconds' where worker_id in (${live.join(', ')})`
    await this.#db.session.exec(`update app.worker ${carried}`)
  }

  /** What the rows wait for. It stays true until somebody commits. */
  async #nextRows(): Promise<{ next: number | null; sending: boolean }> {
    if (this.#rows !== null && this.#rows.commits === this.#auditor.commits) return this.#rows
    const [row] = await this.#db.session.query<{ next: number | null; sending: boolean }>(
      `select (extract(epoch from least((select min(due_at) from app.run), (select min(due_at) from app.effect where state <> 'sending'))) * 1000)::float8 as next,
              exists (select from app.effect where state = 'sending') as sending`,
    )
    this.#rows = { commits: this.#auditor.commits, next: row!.next, sending: row!.sending }
    return this.#rows
  }
  #rows: { commits: number; next: number | null; sending: boolean } | null = null

  /** A message that is being sent by somebody whose lease is over. */
  async #orphan(): Promise<string | null> {
    const [row] = await this.#db.session.query<{ effect_id: string }>(
      `select e.effect_id from app.effect e join app.worker w using (worker_id)
        where e.state = 'sending' and w.leased_until < to_timestamp(${this.#scheduler.now / 1000})
        order by e.effect_id limit 1`,
    )
    return row?.effect_id ?? null
  }

  #at(at: number, what: string, go: () => void): void {
    this.#scheduler.post(this.#bystander, what, Math.max(0, at - this.#scheduler.now), go)
  }

  /** One try of a deed by the process that is up; an unacknowledged one with a key is tried again. */
  #attempt(deed: Deed, attempt: number): void {
    const api = this.#api
    const again = (): void => {
      if (deed.keyed && attempt < 200)
        this.#at(this.#scheduler.now + this.#dice.int(2, 90) * SECOND_MS, `${deed.what}, again`, () =>
          this.#attempt(deed, attempt + 1),
        )
    }
    if (!api || api.process.dead)
      return deed.keyed
        ? again()
        : this.#at(this.#scheduler.now + MINUTE_MS, deed.what, () => this.#attempt(deed, attempt + 1))
    this.#scheduler.tell('people', deed.what)
    // A caller that hears nothing asks again; one whose process died hears nothing.
    let answered = false
    const silence = (): void => {
      if (!answered && api.process.dead) again()
      else if (!answered && this.#scheduler.now < this.#end)
        this.#at(this.#scheduler.now + MINUTE_MS, 'caller waits', silence)
    }
    if (deed.keyed) this.#at(this.#scheduler.now + MINUTE_MS, 'caller waits', silence)
    deed.do(api.engine).then(
      () => {
        answered = true
      },
      (error: unknown) => {
        answered = true
        this.#scheduler.tell('people', `${deed.what}: ${String(error).slice(0, 160)}`)
        if (!isAnswer(error)) again()
      },
    )
  }

  #startApi(older = false): void {
    const process = this.#born('api', older)
    this.#api = { process, engine: engineOf(this.#house, process) }
  }

  #startWorker(name: string, older = false): void {
    const process = this.#born(name, older)
    this.#workers.set(process, startWorkerOn(this.#house, process))
  }

  #born(name: string, older: boolean): Process {
    const process = this.#scheduler.process(name, older)
    this.#mortal.push(process)
    if (older) {
      this.#scheduler.tell(name, 'is of the release before')
      this.#at(this.#scheduler.now + this.#dice.int(1_000, OLDER_MS_MAX), 'is rolled out', () => {
        if (!process.dead) this.#crash(process)
      })
    }
    return process
  }

  /** Every port call of a mortal process is a place where it may die or stop. */
  #strike(process: Process, label: string): void {
    if (process === this.#bystander) return
    if (this.#crashes[0] !== undefined && this.#scheduler.calls >= this.#crashes[0]) {
      this.#crashes.shift()
      this.#scheduler.tell(process.name, `crash at call ${this.#scheduler.calls}: ${label}`)
      return this.#crash(process)
    }
    if (MEDDLED_AT.test(label) && this.#faults.strikes('meddled')) this.#meddle()
    if (this.#faults.strikes('crash')) return this.#crash(process)
    if (!this.#faults.strikes('zombie')) return
    process.frozenUntil = this.#scheduler.now + this.#dice.int(11, 120) * SECOND_MS
    this.#scheduler.tell(process.name, `stands still before "${label}"`)
    // A server does not wait for ever for a client that has gone silent in a transaction.
    const { holder } = this.#session
    if (holder?.process === process) holder.end(lineLost())
  }

  #crash(process: Process): void {
    this.#scheduler.kill(process)
    this.#mortal = this.#mortal.filter((one) => one !== process)
    this.#workers.delete(process)
    const name = process.name
    this.#at(this.#scheduler.now + this.#dice.int(500, RESTART_MS_MAX), `${name} starts again`, () => {
      const older = this.#faults.strikes('older_code')
      if (name === 'api') this.#startApi(older)
      else this.#startWorker(name, older)
    })
  }

  /** What befalls the whole house now and then, rather than one call. */
  #planUpsets(): void {
    const dice = this.#dice
    for (let n = 0; n < 12; n += 1) {
      const at = this.#scheduler.now + dice.int(0, 40 * 24) * HOUR_MS + dice.int(0, HOUR_MS)
      this.#at(at, 'upsets', () => {
        if (this.#healed || this.#mortal.length === 0) return
        this.#upsetClocks(dice.pick(this.#mortal))
        this.#upsetDoorbell()
        if (this.#faults.strikes('graceful_stop')) this.#stopGracefully()
        if (this.#faults.strikes('power_cut')) for (const one of [...this.#mortal]) this.#crash(one)
      })
    }
  }

  #upsetClocks(process: Process): void {
    const dice = this.#dice
    if (this.#faults.strikes('clock_skew')) process.skewMs = dice.int(-200, 200)
    if (this.#faults.strikes('clock_doubt')) {
      process.uncertaintyMs = 10_000
      process.skewMs = dice.int(-600, 600) * SECOND_MS
      this.#at(this.#scheduler.now + dice.int(5, 300) * SECOND_MS, 'the clock is sure again', () => {
        process.uncertaintyMs = 5
        process.skewMs = 0
      })
    }
    if (this.#faults.strikes('clock_back')) this.#scheduler.stepClock(-dice.int(100, 5_000))
    if (this.#faults.strikes('clock_forward')) this.#scheduler.stepClock(dice.int(1, 72) * HOUR_MS)
  }

  #upsetDoorbell(): void {
    if (this.#faults.strikes('doorbell_emptied')) this.#scheduler.forget('ring')
    if (!this.#faults.strikes('doorbell_down')) return
    this.#scheduler.forget('ring')
    this.#house.bell.silentUntil = this.#scheduler.now + this.#dice.int(1, 30) * HOUR_MS
  }

  /** A new version is rolled out: a worker ends its work in order, and another takes its place. */
  #stopGracefully(): void {
    const alive = [...this.#workers].filter(([process]) => !process.dead)
    if (alive.length === 0) return
    const [process, { worker }] = this.#dice.pick(alive)
    this.#scheduler.tell(process.name, 'is told to stop')
    worker.drain().then(
      () => {
        if (!process.dead) this.#crash(process)
      },
      (error: unknown) => this.#auditor.violate('15 leases', `a worker could not stop: ${String(error)}`),
    )
  }

  #heal(): void {
    this.#healed = true
    this.#faults.heal()
    this.#house.bell.silentUntil = 0
    for (const process of this.#mortal) {
      process.skewMs = 0
      process.uncertaintyMs = 5
      process.frozenUntil = Math.min(process.frozenUntil, this.#scheduler.now)
    }
    for (const process of [...this.#mortal]) if (process.older) this.#crash(process)
    this.#auditor.healed(plusMs(this.#scheduler.now, 2 * MINUTE_MS))
    this.#scheduler.tell('world', 'heals')
  }

  report(): WorldReport {
    return {
      seed: this.#options.seed,
      hash: this.#scheduler.hash(),
      violations: this.#auditor.violations,
      faults: this.#faults.counts,
      faultsOn: this.#faults.on.size,
      steps: this.#scheduler.steps,
      calls: this.#scheduler.calls,
      virtualDays: (this.#scheduler.now - this.#start) / DAY_MS,
      complete: this.#auditor.complete,
      mode: this.#mode,
      sends: this.#providers.calls.length,
      pairs: this.#pairs,
      compared: this.#auditor.compared,
      crashed: (this.#options.crashAt?.length ?? 0) - this.#crashes.length,
      lines: this.#scheduler.lines,
      dossier: this.#dossier,
    }
  }
}
