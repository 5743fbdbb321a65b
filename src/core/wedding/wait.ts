import type { Json } from '../ids.ts'
import type { Decision } from '../run/decision.ts'
import type { PersonView, View } from '../run/view.ts'
import { dateOfWall, timeMs, timeOfWall } from '../time/calendar.ts'
import { type Instant, isoOf } from '../time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../time/local.ts'
import { nextTimeOfDay, wallOf } from '../time/zone.ts'
import type { AnchorValue } from './anchor.ts'
import { type Counted, countedOn, countFrom, type Offset } from './offset.ts'
import type { Amount, SingleWaitRule } from './wait-rule.ts'
import { zoneFor } from './whose-zone.ts'

/** The hour of a day that nobody gave an hour. */
export const DEFAULT_TIME = '10:00' as LocalTime

export type ResolvedWait = {
  /** Link 1 of the chain; null while the anchor is unknown. */
  readonly nominal: Instant | null
  /** The anchor it hangs on, and which of its generations was read. */
  readonly anchor: string | null
  readonly generation: number
  /** When it was counted from, where no anchor says: whoever derives it again must count from there. */
  readonly since: Instant | null
  readonly zone: Zone
  readonly because: readonly Decision[]
}

export type WaitView = Pick<View, 'wedding' | 'vendor' | 'client' | 'anchors'>

/** What a rule means today. `from` is when the token came to it. */
export function resolveWait(
  rule: SingleWaitRule,
  from: Instant,
  view: WaitView,
  person?: PersonView,
): ResolvedWait {
  const zone = zoneFor(rule.zone ?? 'venue', view, person)
  const offset = offsetOf(rule)
  const name = offset?.of ?? null
  const anchor = name === null ? undefined : view.anchors[name]
  const generation = anchor?.generation ?? 0
  const base = name === null ? ({ is: 'moment', at: from } as const) : (anchor?.value ?? null)
  if (base === null) {
    return {
      nominal: null,
      anchor: name,
      generation,
      since: null,
      zone,
      because: [unknown(name!, generation)],
    }
  }
  const counted = offset ? countFrom(base, offset, zone, view.vendor) : plainly(rule, from, zone)
  const told = nominal(rule, counted, zone, name === null ? null : { name, base, generation })
  const since = name === null ? from : null
  return { nominal: counted.at, anchor: name, generation, since, zone, because: [told] }
}

export const unknown = (anchor: string, generation: number): Decision => ({
  code: 'anchor_unknown',
  values: { anchor, generation },
})

/** The first link as it is told: the rule, what it was counted from, and the moment that came of it. */
export function nominal(
  rule: { readonly [part: string]: unknown },
  counted: Counted,
  zone: Zone,
  anchor: { name: string; base: AnchorValue; generation: number } | null,
): Decision {
  const values: { [key: string]: Json } = {
    to: isoOf(counted.at),
    zone,
    rule: rule as { [part: string]: Json },
  }
  if (anchor !== null) {
    values.anchor = anchor.name
    values.generation = anchor.generation
    values.from = anchor.base.is === 'moment' ? isoOf(anchor.base.at) : anchor.base.on
  }
  // The clocks skipped the time that was asked for.
  if (wallOf(counted.at, zone) !== counted.wanted) {
    values.wanted = `${dateOfWall(counted.wanted)} ${timeOfWall(counted.wanted)}`
  }
  return { code: 'nominal', values }
}

function offsetOf(rule: SingleWaitRule): (Offset & { of: string | null }) | null {
  if (!('after' in rule || 'before' in rule)) return null
  const [sign, amount]: [1 | -1, Amount] = 'after' in rule ? [1, rule.after] : [-1, rule.before]
  const of = rule.of === undefined || rule.of === 'now' ? null : rule.of
  return { sign, amount, of, at: (rule.at as LocalTime | undefined) ?? null, otherwiseAt: DEFAULT_TIME }
}

function plainly(rule: SingleWaitRule, from: Instant, zone: Zone): Counted {
  if ('on' in rule) return countedOn(rule.on as LocalDate, (rule.at ?? DEFAULT_TIME) as LocalTime, zone)
  if (!('next' in rule)) throw new Error('a wait counted from nothing: neither a day nor a time')
  const at = nextTimeOfDay(from, timeMs(rule.next as LocalTime), zone)
  return { at, wanted: wallOf(at, zone) }
}
