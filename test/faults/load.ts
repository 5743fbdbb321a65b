import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import type { Office } from './office.ts'

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
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[]
  readonly counts: { requests: number; unanswered: number; refusedForNow: number }
  /** Stops new couples; resolves when every open story has been acknowledged or given up after `withinMs`. */
  finish(withinMs: number): Promise<number>
}

export type Pace = { readonly couplesPerSecond: number; readonly silentUntil: number }

const ANSWER_WITHIN_MS = 5_000
const OPEN_STORIES_MAX = 400

export function startLoad(office: Office, ports: readonly number[], dice: Dice, pace: Pace): Load {
  const acknowledged = new Map<string, Acknowledged>()
  const couples = new Map<string, string>()
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

  async function tell(client: string, type: string, key: string): Promise<void> {
    const port = dice.oneOf(ports)
    counts.requests += 1
    let answer: Response
    try {
      answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${office.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type, key, client, data: { form: 'questions' } }),
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
    const client = await insist(() =>
      office.addCouple(id, mine.chance(0.2), mine.between(4_000, 8_000), mine.between(12_000, 18_000)),
    )
    if (client === null) return
    couples.set(id, client)
    await insist(() => tell(client, 'inquiry_received', `inquiry-${id}`))
    await pause(mine.between(200, 5_000))
    // The silent ones get a nudge after a minute, as long as the storm lasts that much longer.
    if (performance.now() < pace.silentUntil && mine.chance(0.1)) return
    await insist(() => tell(client, 'form_submitted', `form-${id}`))
    if (mine.chance(0.1)) await insist(() => tell(client, 'inquiry_received', `inquiry-${id}`))
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
