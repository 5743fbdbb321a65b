import type { Json, JsonObject } from '../ids.ts'
import { unitHash } from '../journey/arm.ts'
import type { Condition, EventPattern } from '../journey/condition.ts'
import { dayOfWall, msIntoDay, wallOfDay } from '../time/calendar.ts'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, plusMs } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import { instantOfWall, wallOf } from '../time/zone.ts'

/**
 * What the people do whom nobody can compute: couples who answer, members who approve and tick off tasks. A
 * forecast assumes one behaviour and says so in every step that rests on it.
 */
export type Behaviour =
  /** Nobody answers anything: every wait runs into its timeout. */
  | { readonly is: 'never' }
  /** The couple answer nothing; the team reads, approves and ticks off as it usually does. */
  | { readonly is: 'silent' }
  /** Everybody answers after so many days, if they are given as many. */
  | { readonly is: 'always'; readonly afterDays: number }
  /** After about a third of the time they have; of all a couple is asked, `rate` is answered (everything, if not said). */
  | { readonly is: 'typical'; readonly rate?: number }
  /** On the last day, when every reminder has gone out. */
  | { readonly is: 'worst' }

/**
 * What one couple is assumed to do, by the names people choose from. Of a whole book three in ten do not answer what
 * they are asked; of a single one it is not for a die to say which: "as most do" is that they answer.
 */
export const BEHAVIOURS_OF_ONE = {
  never: { is: 'never' },
  silent: { is: 'silent' },
  typical: { is: 'typical', rate: 1 },
  always: { is: 'always', afterDays: 1 },
  worst: { is: 'worst' },
} as const satisfies { readonly [name: string]: Behaviour }

/** Who is asked, and how long the question stays open. The same question gets the same answer, always. */
export type Question = {
  readonly of: 'couple' | 'team'
  readonly client: string
  readonly node: string
  readonly visit: number
  readonly since: Instant
  readonly until: Instant | null
  /** Where whoever answers lives: nobody fills in a form at three in the morning. */
  readonly zone: Zone
}

/** Without a timeout a question stays open for as long as a patient person would wait. */
const OPEN_DAYS = 21

/** When the question is answered, or null: it is not, before its time is over. */
export function answeredAt(behaviour: Behaviour, question: Question): Instant | null {
  const { since, until } = question
  const open = (until ?? plusMs(since, OPEN_DAYS * DAY_MS)) - since
  if (behaviour.is === 'never' || (behaviour.is === 'silent' && question.of === 'couple')) return null
  const delay = delayOf(behaviour, question, open)
  if (delay === null) return null
  const wished = plusMs(since, Math.max(MINUTE_MS, delay))
  if (until !== null && wished >= until) return null
  const awake = whenAwake(wished, question.zone)
  return until === null || awake < until ? awake : wished
}

function delayOf(
  behaviour: Exclude<Behaviour, { is: 'never' }>,
  question: Question,
  open: number,
): number | null {
  switch (behaviour.is) {
    case 'always':
      return behaviour.afterDays * DAY_MS
    case 'worst':
      return open - Math.min(12 * HOUR_MS, open / 10)
    case 'silent':
      return 0
    case 'typical': {
      const name = `${question.client}\n${question.node}\n${question.visit}`
      if (question.of === 'couple' && unitHash(`${name}\nwhether`) >= (behaviour.rate ?? 1)) return null
      return Math.round(open * (0.2 + 0.27 * unitHash(`${name}\nwhen`)))
    }
  }
}

const WAKES_AT = 8 * HOUR_MS
const RESTS_AT = 21 * HOUR_MS

/** The same moment in the day; in the night, nine in the morning after it. */
function whenAwake(at: Instant, zone: Zone): Instant {
  const wall = wallOf(at, zone)
  const time = msIntoDay(wall)
  if (time >= WAKES_AT && time < RESTS_AT) return at
  const day = dayOfWall(wall) + (time >= RESTS_AT ? 1 : 0)
  return instantOfWall(wallOfDay(day, 9 * HOUR_MS), zone)
}

/** The facts an event must carry to be the one that is waited for, as far as the pattern says. */
export function factsThatFit(pattern: EventPattern): JsonObject {
  const facts: { [key: string]: Json } = {}
  if (pattern.if) fulfil(pattern.if, facts)
  return facts
}

function fulfil(condition: Condition, facts: { [key: string]: Json }): void {
  if ('all' in condition) for (const one of condition.all) fulfil(one, facts)
  else if ('any' in condition) fulfil(condition.any[0]!, facts)
  else if ('fact' in condition && condition.fact.startsWith('event.')) {
    const value = fittingValue(condition)
    if (value !== undefined) place(facts, condition.fact.split('.').slice(1), value)
  }
}

function fittingValue(condition: Extract<Condition, { fact: string }>): Json | undefined {
  switch (condition.is) {
    case 'equal':
    case 'at_least':
    case 'at_most':
    case 'contains':
    case 'starts_with':
      return condition.value
    case 'less':
      return condition.value - 1
    case 'more':
      return condition.value + 1
    case 'one_of':
      return condition.value[0]
    case 'known':
      return true
    case 'not_equal':
    case 'none_of':
    case 'lacks':
      return 'another'
    case 'missing':
      return undefined
  }
}

function place(facts: { [key: string]: Json }, path: readonly string[], value: Json): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    facts[key] = value
    return
  }
  const inner = facts[key]
  const next =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...(inner as JsonObject) } : {}
  place(next, rest, value)
  facts[key] = next
}
