import { PLAIN_BRAND } from '../core/brand.ts'
import type { Typed } from '../core/form/answers.ts'
import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { sampleIdFrom } from '../core/sample.ts'
import { DAY_MS, earliest, HOUR_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import { changeTraitsIn } from '../engine/change-client.ts'
import { addCoupleIn } from '../engine/clients.ts'
import { sampleLetter } from '../engine/compose-message.ts'
import { approveIn, taskDoneIn } from '../engine/control.ts'
import type { Engine } from '../engine/engine.ts'
import { execute } from '../engine/execute.ts'
import { namedClientsIn } from '../engine/find-clients.ts'
import { keepTyped, openForm, submitForm } from '../engine/form-answers.ts'
import { linkOf } from '../engine/form-links.ts'
import { addFormIn, publishFormIn } from '../engine/forms.ts'
import { openBusiness } from '../engine/members.ts'
import { newVersion } from '../engine/publish.ts'
import { receiptOf, receiveIn } from '../engine/receive.ts'
import { step, type Work } from '../engine/step.ts'
import { addVendor } from '../engine/vendors.ts'
import { done, refused } from '../modules/runner.ts'
import type { Sql } from '../ports.ts'
import { setBrand } from '../store/brand.ts'
import { closeSample, openClosedSample } from '../store/erasure.ts'
import { readForm } from '../store/forms.ts'
import { insertJourney } from '../store/journeys.ts'
import {
  askedLast,
  dueEffectsOf,
  dueRunsOf,
  nextDueOf,
  openApprovalsBefore,
  openTasksBefore,
  waitForLetters,
} from '../store/sample.ts'
import { type Given, templateOf, written } from '../templates/templates.ts'
import { addressOf, type SampleCouple, sampleBook } from './book.ts'
import { engineInThePast, type PastEngine } from './past.ts'
import { QUESTIONNAIRE, questionnaire } from './questionnaire.ts'
import { type Happening, scriptOf } from './script.ts'

/**
 * A studio in the middle of its season. Nothing in it is made up afterwards: the couples were added, wrote, signed and
 * paid on their days, and the engine did the rest, on a clock that ran from then to now.
 */
const ZONE = 'Europe/London' as Zone
export const SAMPLE_BUSINESS = { name: 'Sample studio', type: 'photographer', zone: ZONE, region: 'GB' }
/** With what was said of oneself when they were taken over. */
const TEMPLATES: readonly (readonly [name: string, given: Given])[] = [
  ['photographer-inquiry-to-booked', {}],
  ['photographer-booked-to-wedding', { questionnaire_form: QUESTIONNAIRE.key }],
  ['photographer-after-the-wedding', {}],
  ['payments-and-dunning', {}],
]
const BEFORE_FIRST_DAYS = 2
/** What was opened this lately still waits for a person. */
const LEFT_OPEN_MS = 3 * DAY_MS
const CHORES_EVERY_MS = 12 * HOUR_MS
const ROUNDS_MAX = 50
const MEMBER = 'member:sample'

export type Progress = (done: number) => void

/**
 * The business alone, closed, with whoever wants it as its owner: keys of its couples are made over another line, so it
 * is there first, and should its season be cut off it can be told whose it was to be.
 */
export async function openSample(
  engine: Engine,
  owner: { readonly login: string; readonly name: string; readonly email: string },
): Promise<VendorId> {
  const at = engine.clock.now()
  const id = sampleIdFrom(engine.rng.uuid7(at)) as VendorId
  const rules = { workingDays: [1, 2, 3, 4, 5, 6], openHours: { email: { from: '08:00', to: '20:00' } } }
  await addVendor(engine, { ...SAMPLE_BUSINESS, id, rules })
  await engine.db.tx('sample.close', { vendors: [id] }, (sql) => closeSample(sql, id, at))
  await openBusiness(engine, { ...SAMPLE_BUSINESS, id }, { ...owner, member: engine.rng.uuid7(at) })
  return id
}

/** Its season, from the first inquiry until now, in one transaction. */
export async function fillSample(
  engine: Engine,
  vendor: VendorId,
  progress: Progress = () => undefined,
): Promise<void> {
  // The first letter of a process takes a second or two to lay out: longer than a transaction should stand idle.
  await sampleLetter(engine, vendor, {})
  const until = engine.clock.now()
  const book = sampleBook(localDateOf(until, ZONE))
  const script = scriptOf(book, until)
  const from = plusMs(script[0]?.at ?? until, -BEFORE_FIRST_DAYS * DAY_MS)
  await engine.db.tx('sample.fill', { vendors: [vendor] }, async (sql) => {
    await waitForLetters(sql)
    await openClosedSample(sql, vendor)
    await setBrand(sql, vendor, { ...PLAIN_BRAND, postalAddress: '4 Sample Yard, London' })
    const studio = new Studio(engine, sql, vendor, from, until)
    await studio.publish()
    await studio.live(script, (at) => progress((at - from) / (until - from)))
  })
}

class Studio {
  readonly #past: PastEngine
  readonly #sql: Sql
  readonly #vendor: VendorId
  readonly #until: Instant
  readonly #clients = new Map<string, ClientId>()
  #letterLost = false

  constructor(engine: Engine, sql: Sql, vendor: VendorId, from: Instant, until: Instant) {
    this.#sql = sql
    this.#vendor = vendor
    this.#until = until
    this.#past = engineInThePast(engine, sql, from, (job) => {
      const lately = this.#past.engine.clock.now() > plusMs(until, -20 * DAY_MS)
      if (this.#letterLost || !lately || !job.recipient.email?.includes('exmaple')) return done('sent')
      this.#letterLost = true
      return refused('no_such_mailbox', null, 'The other side says that there is no such mailbox.')
    })
  }

  async publish(): Promise<void> {
    const { engine } = this.#past
    await this.#publishQuestionnaire()
    for (const [name, given] of TEMPLATES) {
      const template = templateOf(name)
      if (!template) throw new Error(`there is no template ${name}`)
      const document = written(template, given, new Set())
      const journey = engine.rng.uuid7(engine.clock.now()) as never
      const { name: title, category } = document
      const at = engine.clock.now()
      const from = { key: name, version: template.version }
      await insertJourney(this.#sql, {
        vendor: this.#vendor,
        journey,
        key: name,
        name: title,
        category,
        at,
        template: from,
      })
      await newVersion(engine, this.#sql, this.#vendor, { key: name, document, by: MEMBER })
    }
  }

  async #publishQuestionnaire(): Promise<void> {
    const { engine } = this.#past
    const given = { ...QUESTIONNAIRE, document: questionnaire }
    const form = await addFormIn(engine, this.#sql, this.#vendor, given)
    const row = await readForm(this.#sql, this.#vendor, form)
    await publishFormIn(engine, this.#sql, this.#vendor, row!, MEMBER)
  }

  /** From moment to moment: what happens to couples, what falls due, and twice a day what a photographer sees to. */
  async live(script: readonly Happening[], told: (at: Instant) => void): Promise<void> {
    let next = 0
    let chores = this.#now()
    for (;;) {
      const happens = script[next]?.at ?? null
      const due = await nextDueOf(this.#sql, this.#vendor)
      const at = earliest(earliest(happens, due), chores) ?? this.#until
      if (at > this.#until) break
      this.#past.moveTo(at)
      for (let one = script[next]; one && one.at <= at; one = script[next]) {
        await this.#happen(one)
        next += 1
      }
      if (chores <= at) {
        await this.#doChores()
        chores = plusMs(at, CHORES_EVERY_MS)
      }
      await this.#settle()
      told(at)
    }
    this.#past.moveTo(this.#until)
  }

  #now(): Instant {
    return this.#past.engine.clock.now()
  }

  async #happen(one: Happening): Promise<void> {
    const { engine } = this.#past
    const source = { source: 'sample', key: `${one.couple.key}:${one.at}:${one.is}` }
    if (one.is === 'asks') return this.#meet(one.couple, source)
    const client = this.#clients.get(one.couple.key)
    if (!client) return
    if (one.is === 'fills') return this.#fill(client, one.typed, one.sends)
    if (one.is === 'event') {
      const { type, data } = one
      const [answer] = await receiveIn(engine, this.#sql, this.#vendor, [
        { ...source, key: `${source.key}:${type}`, type, client, data },
      ])
      receiptOf(answer!)
      return
    }
    const [before] = await namedClientsIn(engine, this.#sql, this.#vendor, [client])
    if (!before) return
    const change = one.is === 'stage' ? { stage: one.stage } : { tags: [...before.tags, one.tag] }
    await changeTraitsIn(engine, this.#sql, this.#vendor, client, before, change, source)
  }

  /** By the link in their letter, as everybody who has one; whoever was not asked has none. */
  async #fill(client: ClientId, typed: Typed, sends: boolean): Promise<void> {
    const { engine } = this.#past
    const sending = await askedLast(this.#sql, this.#vendor, client)
    if (sending === null) return
    const link = await linkOf(engine, this.#vendor, sending)
    const page = await openForm(engine, link.slice(link.lastIndexOf('/') + 1))
    if (page?.is !== 'open') return
    const all = { ...page.typed, ...typed }
    const { submissions } = page.sending
    if (sends) await submitForm(engine, page, all, submissions)
    else await keepTyped(engine, page, all, submissions)
  }

  async #meet(couple: SampleCouple, source: { source: string; key: string }): Promise<void> {
    const { a, b, wedding, at, zone, region, guests, tags } = couple
    const { client } = await addCoupleIn(
      this.#past.engine,
      this.#sql,
      this.#vendor,
      {
        people: [
          { ref: 'partner_a', name: a, email: addressOf(a, couple) },
          { ref: 'partner_b', name: b },
        ],
        stage: 'inquiry',
        tags,
        wedding: { on: wedding, at, zone, region, guests },
      },
      source,
    )
    this.#clients.set(couple.key, client)
  }

  async #doChores(): Promise<void> {
    const { engine } = this.#past
    const now = this.#now()
    // What came up in these last days is what one finds on the desk.
    const before = earliest(plusMs(now, -DAY_MS), plusMs(this.#until, -LEFT_OPEN_MS))!
    for (const { run_id, name } of await openTasksBefore(this.#sql, this.#vendor, before))
      await taskDoneIn(engine, this.#sql, this.#vendor, run_id as RunId, name, MEMBER)
    for (const { run_id, name } of await openApprovalsBefore(this.#sql, this.#vendor, before))
      await approveIn(engine, this.#sql, this.#vendor, run_id as RunId, name, 'approved', MEMBER)
  }

  async #settle(): Promise<void> {
    const { engine } = this.#past
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const runs = await dueRunsOf(this.#sql, this.#vendor, this.#now())
      if (runs.length > 0)
        await step(
          engine,
          runs.map((ref): Work => ({ ref })),
        )
      const effects = await dueEffectsOf(this.#sql, this.#vendor, this.#now())
      const outcomes: Work[] = []
      if (effects.length > 0) await execute(engine, effects, (work) => outcomes.push(work))
      if (outcomes.length > 0) await step(engine, outcomes)
      if (runs.length === 0 && effects.length === 0) return
    }
    throw new Error('a sample studio does not come to rest')
  }
}
