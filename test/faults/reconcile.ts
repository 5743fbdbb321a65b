import type { Entry } from './provider/book.ts'

/**
 * The provider's book against our own rows. Pure, so that it can be shown to find what it is there to find: a
 * judge that never says no is no judge.
 */
export type EffectFacts = {
  readonly id: string
  /** As the provider knows it. */
  readonly messageId: string
  readonly run: string
  readonly node: string
  readonly kind: string
  readonly state: string
  readonly attempts: number
  readonly resends: number
  readonly deadLetter: boolean
  readonly notice: boolean
  /** Kept in our own house instead of leaving it. */
  readonly captured: boolean
}
export type RunFacts = {
  readonly id: string
  readonly journey: string
  readonly status: string
  readonly client: string
  /** A late step of a moved wedding waits until the move is for good (ADR 0008): ten minutes, longer than we wait. */
  readonly undecided: boolean
}
/** A step that was left out and says so. */
export type LeftOut = { readonly run: string; readonly node: string }
export type EventFacts = { readonly key: string; readonly event: string }

export type Books = {
  readonly entries: readonly Entry[]
  readonly effects: readonly EffectFacts[]
  readonly runs: readonly RunFacts[]
  readonly events: readonly EventFacts[]
  readonly leftOut: readonly LeftOut[]
  readonly acknowledged: readonly { readonly key: string; readonly event: string }[]
  /** Couples whose adding was confirmed, and what every finished run must have planned. */
  readonly couples: readonly string[]
  /** Couples whose later moment was put off in time: their farewell may not come before the new one. */
  readonly moves: readonly { readonly client: string; readonly until: number }[]
  /** Calls that came without a valid signature, and calls that came again under the same id. */
  readonly forged: number
  readonly repeats: number
  readonly expected: { readonly [journey: string]: readonly (readonly string[])[] }
}

export type Verdict = {
  readonly lost: readonly string[]
  readonly silentDuplicates: readonly string[]
  readonly unknownShown: number
  readonly unknownHidden: readonly string[]
  readonly unfinished: readonly string[]
  /** Sent at a moment that a confirmed move had taken away, or signed with a wrong secret. */
  readonly surprises: readonly string[]
  readonly recordedResends: number
}

/** States that say: it arrived. */
const ARRIVED = new Set(['accepted', 'delivered'])
/** States that say openly that nobody knows. */
const OPEN_QUESTION = new Set(['unknown', 'unresolved'])
/** States that say openly, with a dead letter, that it did not go out. */
const GIVEN_UP = new Set(['rejected', 'failed'])

export function reconcile(books: Books): Verdict {
  const accepted = new Map<string, number>()
  for (const { id } of books.entries) accepted.set(id, (accepted.get(id) ?? 0) + 1)
  const lost: string[] = []
  const silentDuplicates: string[] = []
  const unknownHidden: string[] = []
  let unknownShown = 0
  let recordedResends = 0

  for (const effect of books.effects) {
    const name = `${effect.node} of run ${effect.run} (${effect.state}, attempt ${effect.attempts})`
    const times = effect.kind === 'notify' ? (effect.captured ? 1 : 0) : (accepted.get(effect.messageId) ?? 0)
    accepted.delete(effect.messageId)
    recordedResends += effect.resends
    if (times > 1 + effect.resends)
      silentDuplicates.push(`${name}: accepted ${times} times, ${effect.resends} resends recorded`)
    if (OPEN_QUESTION.has(effect.state)) {
      if (effect.state === 'unknown' || (effect.deadLetter && effect.notice)) unknownShown += 1
      else unknownHidden.push(`${name}: unresolved without a notice`)
    } else if (ARRIVED.has(effect.state)) {
      if (times === 0) lost.push(`${name}: called accepted, but the provider has never seen it`)
    } else if (GIVEN_UP.has(effect.state)) {
      if (!effect.deadLetter) lost.push(`${name}: given up without a dead letter`)
      if (times > 0) unknownHidden.push(`${name}: the provider accepted it`)
    } else if (times === 0 && isReplaced(effect, books.effects)) continue
    else if (times > 0) unknownHidden.push(`${name}: the provider accepted it`)
    else lost.push(`${name}: never sent and not shown`)
  }
  for (const [id, times] of accepted)
    silentDuplicates.push(`${id} was accepted ${times} times and is nobody's message`)

  const events = new Map(books.events.map((one) => [one.key, one.event]))
  for (const { key, event } of books.acknowledged) {
    if (events.get(key) !== event)
      lost.push(`event ${key} was acknowledged as ${event} and is ${events.get(key) ?? 'not there'}`)
  }
  const { unfinished, missing } = judgeRuns(books)
  return {
    lost: [...lost, ...missing],
    silentDuplicates,
    unknownShown,
    unknownHidden,
    unfinished,
    surprises: [
      ...surprisesIn(books),
      ...(books.forged > 0 ? [`${books.forged} calls came without a valid signature`] : []),
    ],
    recordedResends,
  }
}

/** A moved wedding takes back what was not sent yet and plans it anew. */
const isReplaced = (effect: EffectFacts, all: readonly EffectFacts[]): boolean =>
  effect.state === 'cancelled' &&
  all.some((other) => other.run === effect.run && other.node === effect.node && other.state !== 'cancelled')

/** The clocks of provider and database are one machine's; the moment itself is a matter of milliseconds. */
const CLOCK_MS = 100

function surprisesIn({ moves, runs, effects, entries }: Books): string[] {
  const booked = new Map(entries.map((one) => [one.id, one.at]))
  return moves.flatMap(({ client, until }) => {
    const own = new Set(runs.filter((run) => run.client === client).map((run) => run.id))
    return effects
      .filter((one) => one.node === 'farewell' && own.has(one.run))
      .filter((one) => (booked.get(one.messageId) ?? until) < until - CLOCK_MS)
      .map((one) => `farewell of run ${one.run} came before the moment to which it was put off`)
  })
}

/** Every couple has its runs, every run has ended or stands before an open question, and has planned its letters. */
function judgeRuns(books: Books): { unfinished: string[]; missing: string[] } {
  const leftOut = Map.groupBy(books.leftOut, (one) => one.run)
  const byRun = Map.groupBy(books.effects, (effect) => effect.run)
  const byClient = Map.groupBy(books.runs, (run) => run.client)
  const unfinished: string[] = []
  const missing: string[] = []
  for (const run of books.runs) {
    const effects = byRun.get(run.id) ?? []
    const waits = effects.some((effect) => effect.state === 'unknown')
    if (run.status !== 'completed' && !waits && !run.undecided)
      unfinished.push(`run ${run.id} of ${run.journey} is ${run.status}`)
    if (run.status !== 'completed') continue
    const planned = new Set([...effects, ...(leftOut.get(run.id) ?? [])].map((one) => one.node))
    for (const group of books.expected[run.journey] ?? []) {
      if (!group.some((node) => planned.has(node)))
        missing.push(`run ${run.id} of ${run.journey} ended without ${group.join(' or ')}`)
    }
  }
  for (const client of books.couples) {
    const journeys = new Set((byClient.get(client) ?? []).map((run) => run.journey))
    for (const journey of Object.keys(books.expected))
      if (!journeys.has(journey)) missing.push(`couple ${client} never began ${journey}`)
  }
  return { unfinished, missing }
}
