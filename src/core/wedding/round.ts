import type { Decision } from '../run/decision.ts'
import type { PersonView } from '../run/view.ts'
import { hasCalendarUnits, timesAmount } from '../time/amount.ts'
import { type Instant, isoOf } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import { countFrom } from './offset.ts'
import { DEFAULT_TIME, nominal, unknown, type WaitView } from './wait.ts'
import type { WaitRule } from './wait-rule.ts'
import { zoneFor } from './whose-zone.ts'

export type EveryRule = Extract<WaitRule, { every: unknown }>
const LAST_TIME = '23:59' as LocalTime

/** `count` rounds have been taken since the first began at `from`. */
export type RoundState = { readonly count: number; readonly from: Instant }

export type ResolvedRound =
  | {
      readonly is: 'again'
      /** Null while the anchor of `until` is unknown: the token parks with all others on that anchor. */
      readonly nominal: Instant | null
      readonly anchor: string | null
      readonly generation: number
      readonly zone: Zone
      readonly because: readonly Decision[]
    }
  | { readonly is: 'done'; readonly because: readonly Decision[] }

/**
 * The next round of a repeat, or that it is done. Each is counted from where the first began, not from the
 * round before: a late round does not push the others, and the 31st stays the 31st where there is one.
 */
export function resolveRound(
  rule: EveryRule,
  round: RoundState,
  view: WaitView,
  person?: PersonView,
): ResolvedRound {
  const { count, from } = round
  if (count >= rule.timesMax) return done({ rounds: count, timesMax: rule.timesMax })
  const zone = zoneFor(rule.zone ?? 'venue', view, person)
  const name = rule.until?.of ?? null
  const anchor = name === null ? undefined : view.anchors[name]
  const generation = anchor?.generation ?? 0
  const again = { is: 'again', anchor: name, generation, zone } as const
  const end = anchor?.value ?? null
  if (name !== null && end === null) {
    return { ...again, nominal: null, because: [unknown(name, generation)] }
  }
  const amount = timesAmount(rule.every, count + 1)
  const at = (rule.at as LocalTime | undefined) ?? null
  const next = countFrom(
    { is: 'moment', at: from },
    { sign: 1, amount, at, otherwiseAt: DEFAULT_TIME },
    zone,
    view.vendor,
  )
  if (rule.until && end !== null) {
    const { before } = rule.until
    // "Until 60 days before" includes that day, whatever the hour of the round or of the ceremony.
    const lastAt = hasCalendarUnits(before) ? LAST_TIME : null
    const offset = { sign: -1, amount: before, at: lastAt, otherwiseAt: LAST_TIME } as const
    const until = countFrom(end, offset, zone, view.vendor).at
    if (next.at > until) return done({ rounds: count, to: isoOf(next.at), until: isoOf(until) })
  }
  return { ...again, nominal: next.at, because: [nominal(rule, next, zone, null)] }
}

const done = (values: { [key: string]: string | number }): ResolvedRound => ({
  is: 'done',
  because: [{ code: 'repeat_done', values }],
})
