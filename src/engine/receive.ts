import type { ClientId, EventId, JsonObject, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { CAUSE_DEPTH_MAX, type OutsideEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import { anchorSetBy } from '../core/wedding/anchor-of-event.ts'
import { strangeDay } from '../core/wedding/believable.ts'
import { CommitUnknown, type Sql } from '../ports.ts'
import { type HeldClient, lockClients, setClientAnchors } from '../store/clients.ts'
import { findEvents, saveAnswer } from '../store/events.ts'
import { gather } from '../store/gather.ts'
import { roughDay } from './believed.ts'
import type { Engine } from './engine.ts'
import { type Heard, type History, hear } from './hear.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { sealJson } from './views.ts'

/**
 * Something happened: one transaction records the event, starts the runs whose trigger matches (or the reason why
 * not), wakes the runs that wait for it, and keeps the history of both (engine 5). Told twice, it changes nothing.
 */
export type Incoming = {
  readonly source: string
  /** The sender's own key for this event; the same key again is the same event. */
  readonly key: string
  readonly type: string
  readonly client: ClientId
  /** Small facts that conditions may ask for. Never personal. */
  readonly data: JsonObject
  /** Answers and the like: sealed with the client's key, never in a run, a decision or a log. */
  readonly personal?: JsonObject
  readonly depth?: number
}

export type Receipt = History & { readonly event: EventId; readonly duplicate: boolean }
/** Or why not: what is wrong with one event is no other's trouble. */
export type Answer = Receipt | Error

/** Events of one vendor that are taken in by one transaction. */
const AT_ONCE_MAX = 200

export async function receive(engine: Engine, vendor: VendorId, incoming: Incoming): Promise<Receipt> {
  return receiptOf((await receiveAll(engine, vendor, [incoming]))[0]!)
}

/** The same, where many arrive: what comes while a transaction is on its way is taken in together by the next. */
export function receiver(engine: Engine): (vendor: VendorId, incoming: Incoming) => Promise<Receipt> {
  // One line for each vendor, so that nobody waits for another's couples.
  const lines = new Map<VendorId, (incoming: Incoming) => Promise<Answer>>()
  return async (vendor, incoming) => {
    let line = lines.get(vendor)
    if (!line) {
      line = gather(AT_ONCE_MAX, (batch: readonly Incoming[]) => receiveAll(engine, vendor, batch))
      lines.set(vendor, line)
    }
    return receiptOf(await line(incoming))
  }
}

export function receiptOf(answer: Answer): Receipt {
  if (answer instanceof Error) throw answer
  return answer
}

/** One answer for each, in their order. */
export async function receiveAll(
  engine: Engine,
  vendor: VendorId,
  batch: readonly Incoming[],
): Promise<Answer[]> {
  const answers = new Map<Incoming, Answer>()
  for (const one of batch) if ((one.depth ?? 0) > CAUSE_DEPTH_MAX) answers.set(one, tooDeep(one.depth ?? 0))
  for (let left = batch.filter((one) => !answers.has(one)); left.length > 0; ) {
    const wave = oneForEach(left)
    for (const [one, answer] of await receiveWave(engine, vendor, wave)) answers.set(one, answer)
    left = left.filter((one) => !answers.has(one))
  }
  return batch.map((one) => answers.get(one)!)
}

const tooDeep = (depth: number): Refusal =>
  new Refusal(
    'too_many',
    `This event is the ${depth}th link of a chain of journeys; at most ${CAUSE_DEPTH_MAX} may follow each other.`,
  )

/** Of each couple the first, so that the second finds what the first has left; and no event twice. */
function oneForEach(all: readonly Incoming[]): Incoming[] {
  const seen = new Set<string>()
  return all.filter(({ client, source, key }) => {
    const marks = [client, `${source}|${key}`]
    const isNew = !marks.some((mark) => seen.has(mark))
    if (isNew) for (const mark of marks) seen.add(mark)
    return isNew
  })
}

async function receiveWave(
  engine: Engine,
  vendor: VendorId,
  wave: readonly Incoming[],
): Promise<(readonly [Incoming, Answer])[]> {
  try {
    const answers = await retrying(engine, () =>
      engine.db.tx('receive', { vendors: [vendor] }, (sql) => receiveIn(engine, sql, vendor, wave)),
    )
    ringRuns(
      engine,
      answers.flatMap((one) =>
        one instanceof Error || one.duplicate ? [] : [...one.started.map(({ run }) => run), ...one.woken],
      ),
    )
    return wave.map((one, index) => [one, answers[index]!] as const)
  } catch (error) {
    if (wave.length === 1 || error instanceof CommitUnknown)
      return wave.map((one) => [one, error as Error] as const)
    // Each by itself: whoever is to blame is alone with it.
    const alone = []
    for (const one of wave) alone.push(...(await receiveWave(engine, vendor, [one])))
    return alone
  }
}

/** Takes in events of different couples within a transaction of the caller's. */
export async function receiveIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  wave: readonly Incoming[],
): Promise<Answer[]> {
  const now = engine.clock.now()
  // The locks first: two tellers of one event take turns here, and the second finds the first one's receipt.
  const [clients, known] = await Promise.all([
    lockClients(
      sql,
      vendor,
      wave.map((one) => one.client),
    ),
    findEvents(sql, vendor, wave),
  ])
  const fresh: { one: Incoming; heard: Heard }[] = []
  const answers = new Map<Incoming, Answer>()
  for (const one of wave) {
    const before = known.get(`${one.source}|${one.key}`)
    const client = clients.get(one.client)
    if (before)
      answers.set(one, { ...(before.history as unknown as History), event: before.event_id, duplicate: true })
    else if (!client)
      answers.set(one, new Refusal('not_found', 'This couple is not known here.', { client: one.client }))
    else if (strangeIn(one, now)) answers.set(one, strangeIn(one, now)!)
    else fresh.push({ one, heard: await heardFrom(engine, vendor, one, client, now) })
  }
  await keepWhatIsLeft(
    engine,
    sql,
    vendor,
    fresh.map(({ one, heard }) => ({ one, heard, anchors: clients.get(one.client)!.anchors })),
  )
  const histories = await hear(
    engine,
    sql,
    now,
    fresh.map(({ heard }) => heard),
  )
  for (const [index, { one, heard }] of fresh.entries())
    answers.set(one, { ...histories[index]!, event: heard.event.id, duplicate: false })
  return wave.map((one) => answers.get(one)!)
}

/** A moment that nobody can have meant: journeys would hang on it. Only meetings name one. */
function strangeIn({ type, data }: Incoming, at: Instant): Refusal | null {
  const left = anchorSetBy({ type, at, data })
  const why = left === null ? null : strangeDay(roughDay(left.at), roughDay(at))
  return why === null
    ? null
    : new Refusal('invalid', why, {}, [
        { code: 'strange_day', severity: 'error', path: '/data/at', message: why },
      ])
}

async function heardFrom(
  engine: Engine,
  vendor: VendorId,
  one: Incoming,
  client: HeldClient,
  now: Instant,
): Promise<Heard> {
  const event: OutsideEvent = {
    id: engine.rng.uuid7(now) as EventId,
    type: one.type,
    at: now,
    data: one.data,
    depth: one.depth ?? 0,
  }
  const left = anchorSetBy(event)
  const place = personalPlace(vendor, one.client, event.id)
  return {
    vendor,
    source: one.source,
    key: one.key,
    client: one.client,
    wedding: client.wedding_id,
    event,
    anchor: left === null || (left.once && client.anchors[left.name]?.value) ? null : left.name,
    personal: one.personal ? await sealJson(engine.vault, place, one.personal) : null,
  }
}

/** Where the words that came with an event are sealed to. */
export const personalPlace = (vendor: VendorId, client: ClientId, event: EventId) =>
  ({ vendor, subject: client, table: 'event', row: event, column: 'personal' }) as const

/** What events leave with their couples: dates for rules to hang on, and answers to forms. */
async function keepWhatIsLeft(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  all: readonly { one: Incoming; heard: Heard; anchors: HeldClient['anchors'] }[],
): Promise<void> {
  await Promise.all(
    all.flatMap(({ one, heard, anchors }) => [
      ...(heard.anchor === null
        ? []
        : [
            setClientAnchors(sql, vendor, one.client, {
              ...anchors,
              [heard.anchor]: {
                value: { is: 'moment', at: anchorSetBy(heard.event)!.at },
                generation: (anchors[heard.anchor]?.generation ?? 0) + 1,
              },
            }),
          ]),
      keepAnswers(engine, sql, vendor, one, heard.event),
    ]),
  )
}

/** Sent for the first time, or sent again because something was to be said differently. */
const CARRIES_ANSWERS: ReadonlySet<string> = new Set(['form_submitted', 'form_changed'])

async function keepAnswers(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { type, data, personal, client }: Incoming,
  event: OutsideEvent,
): Promise<void> {
  const { form } = data
  if (!CARRIES_ANSWERS.has(type) || typeof form !== 'string' || !personal) return
  const place = {
    vendor,
    subject: client,
    table: 'answer',
    row: `${client}/${form}`,
    column: 'sealed',
  } as const
  const sealed = await sealJson(engine.vault, place, personal)
  await saveAnswer(sql, { vendor, client, form, event: event.id, sealed, at: event.at })
}
