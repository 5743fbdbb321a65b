import type { RunId, VendorId } from '../core/ids.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { Sql } from '../ports.ts'
import {
  insertConsents,
  liftSuppressions,
  type PersonOfMark,
  peopleOfMark,
  raiseRuns,
  recallTo,
  setMay,
  suppressedClasses,
  unsentTo,
} from '../store/consents.ts'
import { deliver, liveRunsOfClients, lockRuns } from '../store/runs.ts'
import { suppress } from '../store/views.ts'
import { withdrawEffects } from '../store/withdrawals.ts'
import type { Engine } from './engine.ts'

/**
 * Somebody does not want to hear something any more, or wants to again. It is one transaction: the suppression, its
 * entry in the ledger, everything unsent withdrawn and told to its run, and every live run of the person raised, so
 * that a turn which plans a message at this very moment cannot be saved. What is already on its way stays (I6).
 */
export const CLASSES = [
  'transactional',
  'relationship',
  'marketing',
] as const satisfies readonly MessageClass[]
export type Way = 'email' | 'sms'
/** Why: they said so; they answered STOP; their provider says the address is dead; they complained; the business did. */
export type WhyNot = 'unsubscribed' | 'stop' | 'dead_address' | 'complaint' | 'by_vendor'

export type Whose = {
  readonly vendor: VendorId
  readonly way: Way
  readonly mark: Uint8Array
  readonly actor: string
}

/** Gives the runs that have something to hear. */
export async function refuseIn(
  engine: Engine,
  sql: Sql,
  { vendor, way, mark, actor }: Whose,
  classes: readonly MessageClass[],
  reason: WhyNot,
): Promise<RunId[]> {
  const at = engine.clock.now()
  const people = await peopleOfMark(sql, vendor, way, mark)
  const clients = [...new Set(people.map((one) => one.client_id))]
  const runs = await liveRunsOfClients(sql, vendor, clients)
  // Held from here on, in the order everybody takes them.
  if (runs.length > 0) await lockRuns(sql, runs)
  const already = new Map(
    (await suppressedClasses(sql, vendor, way, mark)).map((one) => [one.class, one.reason]),
  )
  const fresh = classes.filter((one) => !already.has(one))
  for (const one of fresh) await suppress(sql, { vendor, mark, channel: way, class: one, reason, at })
  await insertConsents(
    sql,
    fresh.map((one) => ({
      vendor,
      id: engine.rng.uuid7(at),
      mark,
      channel: way,
      class: one,
      given: false,
      reason,
      actor,
      at,
    })),
  )
  if (runs.length === 0) return []
  await raiseRuns(sql, runs)
  const cause = reason === 'dead_address' ? reason : 'no_consent'
  const them = people.map((one) => ({ client: one.client_id, ref: one.ref }))
  await recallTo(sql, vendor, them, way, classes, cause)
  const unsent = Map.groupBy(await unsentTo(sql, vendor, them, way, classes), (one) => one.run_id)
  for (const [run, effects] of unsent) {
    const names = await withdrawEffects(
      sql,
      at,
      vendor,
      run,
      effects.map((one) => one.name),
      cause,
    )
    const letters = names.map((effect) => ({
      ref: { vendor, run },
      event: JSON.stringify({
        is: 'settled',
        at,
        effect,
        outcome: { is: 'suppressed', cause },
      } satisfies RunEvent),
    }))
    await deliver(sql, at, letters)
  }
  return [...unsent.keys()]
}

/** Which reasons a person can take back themselves: what they said; never that an address is dead. */
const OWN_WORD: readonly WhyNot[] = ['unsubscribed', 'stop']
const ANY: readonly WhyNot[] = [...OWN_WORD, 'by_vendor', 'dead_address', 'complaint']

/**
 * `by` says who takes it back: the person, who may also say yes to what they were never asked; the word START, which
 * takes back STOP and no more; or the business in the person's name, which can also revive an address.
 */
export async function allowIn(
  engine: Engine,
  sql: Sql,
  { vendor, way, mark, actor }: Whose,
  classes: readonly MessageClass[],
  by: 'person' | 'word' | 'vendor',
): Promise<readonly string[]> {
  const at = engine.clock.now()
  const lifted = await liftSuppressions(sql, {
    vendor,
    mark,
    channel: way,
    classes,
    reasons: by === 'vendor' ? ANY : by === 'word' ? ['stop'] : OWN_WORD,
  })
  const granted = by === 'person' ? await grant(sql, vendor, way, mark, classes) : []
  const given = [...new Set([...lifted, ...granted])]
  await insertConsents(
    sql,
    given.map((one) => ({
      vendor,
      id: engine.rng.uuid7(at),
      mark,
      channel: way,
      class: one,
      given: true,
      reason: by === 'vendor' ? 'by_vendor' : 'asked',
      actor,
      at,
    })),
  )
  return given
}

/** A yes of their own to what nobody had asked them yet. */
async function grant(
  sql: Sql,
  vendor: VendorId,
  way: Way,
  mark: Uint8Array,
  classes: readonly MessageClass[],
): Promise<string[]> {
  const granted = new Set<string>()
  for (const person of await peopleOfMark(sql, vendor, way, mark)) {
    const now = person.may[way] ?? []
    const more = classes.filter((one) => !now.includes(one))
    if (more.length === 0) continue
    for (const one of more) granted.add(one)
    await setMay(sql, vendor, person.person_id, { ...person.may, [way]: [...now, ...more] })
  }
  return [...granted]
}

export type Wishes = { readonly [Class in MessageClass]: boolean }

/** What somebody with this address hears now. */
export async function wishesIn(sql: Sql, vendor: VendorId, way: Way, mark: Uint8Array): Promise<Wishes> {
  const [people, suppressed] = await Promise.all([
    peopleOfMark(sql, vendor, way, mark),
    suppressedClasses(sql, vendor, way, mark),
  ])
  const hears = (one: MessageClass): boolean =>
    !suppressed.some((other) => other.class === one) && mayAny(people, way, one)
  return {
    transactional: hears('transactional'),
    relationship: hears('relationship'),
    marketing: hears('marketing'),
  }
}

const mayAny = (people: readonly PersonOfMark[], way: Way, one: MessageClass): boolean =>
  people.some((person) => person.may[way]?.includes(one))
