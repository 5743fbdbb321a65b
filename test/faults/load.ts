import { setTimeout as pause } from 'node:timers/promises'
import { type Instant, plusMs } from '../../src/core/time/instant.ts'
import type { Dice } from './dice.ts'
import type { Added, Office } from './office.ts'

/**
 * A steady stream of couples: each is added, asks, and most answer the form. Whoever gets no answer asks again
 * with the same key until there is one, as a decent sender does; and some tell everything twice on purpose.
 */
export type Acknowledged = {
  readonly key: string
  readonly event: string
  readonly client: string
  readonly started: number
  readonly times: number
}
export type Load = {
  /** By key: what was answered with 202. From then on it must never be lost. */
  readonly acknowledged: Map<string, Acknowledged>
  /** Couples whose adding was confirmed. */
  readonly couples: Map<string, string>
  /** Weddings whose move was confirmed while the later moment still lay ahead: nothing may follow the old one. */
  readonly moves: Moved[]
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[]
  readonly counts: { requests: number; unanswered: number; refusedForNow: number }
  /** Stops new couples; resolves when every open story has been acknowledged or given up after `withinMs`. */
  finish(withinMs: number): Promise<number>
}

export type Moved = { readonly client: string; readonly until: Instant }

export type Pace = { readonly couplesPerSecond: number; readonly silentUntil: number }

const ANSWER_WITHIN_MS = 5_000
const OPEN_STORIES_MAX = 400
const COMMITTED_WITHIN_MS = 20_000
/** A send that had begun by the old moment may be booked a little later. */
const MOVED_IN_TIME_MS = 1_000

export function startLoad(office: Office, ports: readonly number[], dice: Dice, pace: Pace): Load {
  const acknowledged = new Map<string, Acknowledged>()
  const couples = new Map<string, string>()
  const moves: Moved[] = []
  const contradictions: string[] = []
  const counts = { requests: 0, unanswered: 0, refusedForNow: 0 }
  const stories = new Set<Promise<void>>()
  let running = true
  let givenUp = false
  let number = 0

  async function insist<T>(work: () => Promise<T>): Promise<T | null> {
    for (let waitMs = 100; !givenUp; waitMs = Math.min(waitMs * 2, 2_000)) {
      try {
        return await work()
      } catch {
        await pause(waitMs)
      }
    }
    return null
  }

  async function tell(client: string, type: string, key: string, data: object): Promise<void> {
    const port = dice.oneOf(ports)
    counts.requests += 1
    let answer: Response
    try {
      answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${office.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type, key, client, data }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      if (answer.status !== 202) {
        counts.refusedForNow += 1
        const said = await answer.text()
        if (answer.status < 500 && answer.status !== 409 && answer.status !== 429)
          contradictions.push(`${key}: ${answer.status} ${said.slice(0, 200)}`)
        throw new Error(`${answer.status}`)
      }
      hear(key, (await answer.json()) as Told)
    } catch (error) {
      counts.unanswered += 1
      throw error
    }
  }

  type Told = {
    readonly event: string
    readonly client: string
    readonly duplicate: boolean
    readonly started: readonly unknown[]
  }
  function hear(key: string, told: Told): void {
    const before = acknowledged.get(key)
    if (before && (before.event !== told.event || !told.duplicate))
      contradictions.push(`${key}: event ${before.event}, then ${told.event} (duplicate: ${told.duplicate})`)
    acknowledged.set(key, {
      key,
      event: told.event,
      client: told.client,
      started: told.started.length,
      times: (before?.times ?? 0) + 1,
    })
  }

  async function story(id: string, mine: Dice): Promise<void> {
    const [wedding, soonMs, laterMs] = [
      mine.chance(0.4),
      mine.between(4_000, 8_000),
      mine.between(12_000, 18_000),
    ]
    let tries = 0
    const added = await insist(() => {
      tries += 1
      return office.addCouple(id, wedding, soonMs, laterMs)
    })
    if (added === null) return
    const { client } = added
    couples.set(id, client)
    await insist(() => tell(client, 'inquiry_received', `inquiry-${id}`, {}))
    await Promise.all([
      call(id, client, mine.fork('call')),
      move(added, tries === 1, mine.fork('move')),
      ask(id, client, mine),
    ])
  }

  /** Another system calls, and as such systems do, sometimes a second time although it was heard. */
  async function call(id: string, client: string, mine: Dice): Promise<void> {
    const once = () => insist(() => tell(client, 'inbound_webhook', `hook-${id}`, { hook: 'storm' }))
    await once()
    if (mine.chance(0.2)) await once()
  }

  /** Half of those who have a date move it while everything is under way. */
  async function move({ client, wedding, later }: Added, certain: boolean, mine: Dice): Promise<void> {
    if (wedding === null || mine.chance(0.5)) return
    await pause(mine.between(500, 6_000))
    const moreMs = mine.whole(1_000, 5_000)
    let until = later
    const moved = await insist(() => {
      // Ahead of now by more than a commit takes: what is past already would wait until the move is for good.
      const from = Math.max(later, office.now() + COMMITTED_WITHIN_MS)
      until = plusMs(later, from - later + moreMs)
      return office.move(wedding, until).then(() => true)
    })
    // Of a couple that was added in several tries nobody knows from which one its moments are.
    if (moved && certain && office.now() < later - MOVED_IN_TIME_MS) moves.push({ client, until })
  }

  async function ask(id: string, client: string, mine: Dice): Promise<void> {
    await pause(mine.between(200, 5_000))
    // The silent ones get a nudge after a minute, as long as the storm lasts that much longer.
    if (performance.now() < pace.silentUntil && mine.chance(0.1)) return
    await insist(() => tell(client, 'form_submitted', `form-${id}`, { form: 'questions' }))
    if (mine.chance(0.1)) await insist(() => tell(client, 'inquiry_received', `inquiry-${id}`, {}))
    if (mine.chance(0.05)) await insist(() => office.addCouple(id, false, 0, 0))
  }

  async function stream(): Promise<void> {
    while (running) {
      if (stories.size < OPEN_STORIES_MAX) {
        number += 1
        const id = `couple-${number}`
        const one = story(id, dice.fork(id)).finally(() => stories.delete(one))
        stories.add(one)
      }
      await pause(1_000 / pace.couplesPerSecond)
    }
  }
  const streaming = stream()

  return {
    acknowledged,
    couples,
    moves,
    contradictions,
    counts,
    async finish(withinMs) {
      running = false
      await streaming
      await Promise.race([Promise.all(stories), pause(withinMs)])
      givenUp = true
      return stories.size
    },
  }
}
