import { localDate, localTime, wallAt } from './calendar.ts'
import { type Instant, instant, instantFrom, isoOf } from './instant.ts'
import type { Zone } from './local.ts'
import { instantOfWall } from './zone.ts'

/**
 * Whether the runtime's zone data are good enough for weddings. Governments change clocks every year, and a
 * runtime with old data is an hour wrong without noticing. Each probe is a wall time whose moment changed
 * with a release of the data, and is in the data at the latest with the release named.
 */
export type ZoneProbe = {
  readonly zone: Zone
  readonly wall: string
  readonly at: Instant
  readonly since: string
}

/** What this project is built on and what every server and browser that computes plans must know. */
export const ZONE_DATA_BASE = '2026c'

const probe = (zone: string, wall: string, at: string, since: string): ZoneProbe => ({
  zone: zone as Zone,
  wall,
  // Read without Temporal: a browser that lacks it must be able to say so.
  at: instant(Date.parse(at)),
  since,
})

export const ZONE_PROBES: readonly ZoneProbe[] = [
  probe('America/Vancouver', '2026-12-05 15:00', '2026-12-05T22:00:00Z', '2026b'),
  probe('America/Edmonton', '2026-12-05 15:00', '2026-12-05T21:00:00Z', '2026c'),
  probe('Africa/Casablanca', '2026-12-05 15:00', '2026-12-05T15:00:00Z', '2026c'),
  probe('America/Asuncion', '2026-06-20 09:00', '2026-06-20T12:00:00Z', '2025a'),
  probe('Asia/Almaty', '2026-06-20 09:00', '2026-06-20T04:00:00Z', '2024a'),
  probe('Africa/Cairo', '2026-06-20 09:00', '2026-06-20T06:00:00Z', '2023a'),
  probe('America/Nuuk', '2026-12-05 15:00', '2026-12-05T17:00:00Z', '2023a'),
  probe('America/Ciudad_Juarez', '2026-12-05 15:00', '2026-12-05T22:00:00Z', '2022g'),
  probe('America/Mexico_City', '2026-06-20 09:00', '2026-06-20T15:00:00Z', '2022f'),
  probe('Asia/Amman', '2026-12-05 15:00', '2026-12-05T12:00:00Z', '2022f'),
  probe('Asia/Tehran', '2026-06-20 09:00', '2026-06-20T05:30:00Z', '2022b'),
  // Decided since; a runtime built on the base does not know them yet.
  probe('America/Winnipeg', '2026-12-05 15:00', '2026-12-05T20:00:00Z', '2026f'),
  probe('America/Inuvik', '2026-12-05 15:00', '2026-12-05T21:00:00Z', '2026f'),
  probe('America/Havana', '2026-12-05 15:00', '2026-12-05T19:00:00Z', '2026f'),
]

/** `got` null: the zone itself is unknown here. */
export type ZoneDifference = ZoneProbe & { readonly got: Instant | null }

export type ZoneDataState = {
  /** Knows everything up to the base. */
  readonly fresh: boolean
  /** Wrong although the base has it: plans must not be computed here. */
  readonly stale: readonly ZoneDifference[]
  /** Known to have changed after the base and not in this runtime: weddings there are an hour off. */
  readonly behind: readonly ZoneDifference[]
}

/** Judges this runtime's own data. */
export function zoneDataState(answers: readonly ZoneAnswer[] = zoneAnswers()): ZoneDataState {
  const differs = zoneDifferences(answers)
  const stale = differs.filter((one) => one.since <= ZONE_DATA_BASE)
  return { fresh: stale.length === 0, stale, behind: differs.filter((one) => one.since > ZONE_DATA_BASE) }
}

/** What a runtime says to each probe; the server hands its answers to the browser, which compares. */
export type ZoneAnswer = { readonly zone: string; readonly wall: string; readonly at: string | null }

export type ZoneQuestion = { readonly zone: string; readonly wall: string }

export const zoneAnswers = (asked: readonly ZoneQuestion[] = ZONE_PROBES): readonly ZoneAnswer[] =>
  asked.map(({ zone, wall }) => {
    const got = answerTo({ zone: zone as Zone, wall })
    return { zone, wall, at: got === null ? null : isoOf(got) }
  })

const MONTHS_ASKED = 24
/** What the clocks of these places do in the months ahead: news that no probe knows of yet. */
export function questionsAhead(zones: readonly Zone[], year: number, month: number): ZoneQuestion[] {
  const days = Array.from({ length: MONTHS_ASKED }, (_, index) => {
    const since = month - 1 + index
    return `${year + Math.floor(since / 12)}-${String((since % 12) + 1).padStart(2, '0')}-01`
  })
  return [...new Set(zones)].flatMap((zone) => days.map((day) => ({ zone, wall: `${day} 12:00` })))
}

/** Two runtimes may compute the same plan only if they say the same to every probe, right or wrong. */
export function sameZoneData(a: readonly ZoneAnswer[], b: readonly ZoneAnswer[]): boolean {
  const key = (one: ZoneAnswer) => `${one.zone}|${one.wall}`
  const theirs = new Map(b.map((one) => [key(one), one.at]))
  return a.length === b.length && a.every((one) => theirs.get(key(one)) === one.at)
}

function zoneDifferences(answers: readonly ZoneAnswer[]): ZoneDifference[] {
  return ZONE_PROBES.flatMap((one) => {
    const answer = answers.find((given) => given.zone === one.zone && given.wall === one.wall)
    const got = answer?.at == null ? null : instantFrom(answer.at)
    return got === one.at ? [] : [{ ...one, got }]
  })
}

function answerTo(one: { readonly zone: Zone; readonly wall: string }): Instant | null {
  const [date, time] = one.wall.split(' ')
  try {
    return instantOfWall(wallAt(localDate(date!), localTime(time!)), one.zone)
  } catch (error) {
    // A runtime older than the zone's name (Ciudad Juárez came in 2022) refuses it: that is the answer.
    if (error instanceof RangeError) return null
    throw error
  }
}
