import { monthOf, weekdayOf } from '../time/calendar.ts'
import type { LocalDate, Weekday, Zone } from '../time/local.ts'
import { type Curve, SEASON_PROFILES, type SeasonProfile, type SeasonRegion } from './season-profiles.ts'

/**
 * Season: how busy a day is, and how much capacity it should find. It never touches priority: a wedding in
 * February is as dear as one in June.
 */

/** How busy a day is against an average one of the same region: 1 is average, an October Saturday in the US 9.7. */
export const loadIndex = (curve: Curve, date: LocalDate): number =>
  monthIndex(curve, monthOf(date)) * weekdayIndex(curve, weekdayOf(date))

/** Of the busiest day there can be. */
export const loadIndexMax = (curve: Curve): number =>
  (Math.max(...curve.months) * 12 * Math.max(...curve.weekdays) * 7) / 10_000

export const monthIndex = (curve: Curve, month: number): number => (curve.months[month - 1]! * 12) / 100
export const weekdayIndex = (curve: Curve, day: Weekday): number => (curve.weekdays[day - 1]! * 7) / 100

export const profileOf = (region: SeasonRegion): SeasonProfile => SEASON_PROFILES[region]

// Capacity

export type Part = 'peak' | 'mid' | 'off'

export type CapacityMultipliers = {
  readonly peak: number
  readonly mid: number
  readonly off: number
  readonly weekend: number
  readonly weddingWeek: number
  readonly weddingDay: number
}
/** The platform's defaults; configuration, applied to forecasts and never to a person's place in the queue. */
export const CAPACITY_MULTIPLIERS: CapacityMultipliers = {
  peak: 5,
  mid: 2,
  off: 1,
  weekend: 3,
  weddingWeek: 2,
  weddingDay: 5,
}

/** Peak is May to September, mid April and October; half a year on in the south, and where the curve says so. */
export function partOf(region: SeasonRegion, month: number): Part {
  const own = OWN_PEAKS[region]
  if (own !== undefined) return own.peak.includes(month) ? 'peak' : own.mid.includes(month) ? 'mid' : 'off'
  const northern = profileOf(region).hemisphere === 'north' ? month : ((month + 5) % 12) + 1
  if (northern >= 5 && northern <= 9) return 'peak'
  return northern === 4 || northern === 10 ? 'mid' : 'off'
}

const OWN_PEAKS: { readonly [Region in SeasonRegion]?: { peak: readonly number[]; mid: readonly number[] } } =
  {
    // A fifth of all receptions are in October.
    US: { peak: [5, 6, 7, 8, 9, 10], mid: [4] },
    // March and November are the busiest months, January is too hot.
    AU: { peak: [3, 4, 10, 11], mid: [1, 2, 9, 12] },
    IN: { peak: [11, 12, 1, 2], mid: [3, 4, 5, 10] },
  }

export type CapacityDay = {
  readonly date: LocalDate
  readonly region: SeasonRegion
  /** Whether a wedding of the house is this very day, or within the week that begins with it. */
  readonly weddingDay: boolean
  readonly weddingWeek: boolean
}

/** The multipliers stack, but a wedding day is also in its week: the greater of those two counts. */
export function capacityMultiplier(
  day: CapacityDay,
  multipliers: CapacityMultipliers = CAPACITY_MULTIPLIERS,
): number {
  const weekend = weekdayOf(day.date) >= 6 ? multipliers.weekend : 1
  const wedding = Math.max(
    day.weddingDay ? multipliers.weddingDay : 1,
    day.weddingWeek ? multipliers.weddingWeek : 1,
  )
  return multipliers[partOf(day.region, monthOf(day.date))] * weekend * wedding
}

// Region

const NAMED: { readonly [country: string]: SeasonRegion } = {
  US: 'US',
  GB: 'GB',
  AU: 'AU',
  FR: 'FR',
  IN: 'IN',
}
const SOUTHERN = new Set(
  'AO AR BI BO BR BW CC CK CL CX FJ FK ID KM LS MG MU MW MZ NA NC NF NR NZ PE PF PG PN PY RE RW SB SC SZ TL TO TV TZ UY VU WF WS YT ZA ZM ZW'.split(
    ' ',
  ),
)
/** Overseas départements marry in December, whatever the rest of France does. */
const FRENCH_OVERSEAS =
  /^(Indian\/(Reunion|Mayotte)|America\/(Martinique|Guadeloupe|Cayenne)|Pacific\/(Noumea|Tahiti))$/

/**
 * The season a place lives in, from the venue's country code and zone and never from words in an address.
 * Codes with a subdivision ("GB-SCT") are read by their country.
 */
export function regionOf(country: string | null, zone: Zone): SeasonRegion {
  const code = country?.slice(0, 2).toUpperCase() ?? countryOfZone(zone)
  // The tropical north of Australia marries in its dry winter, which is the northern summer.
  if (code === 'AU' && zone === 'Australia/Darwin') return 'north'
  if (code === 'FR' && FRENCH_OVERSEAS.test(zone)) return 'south'
  if (code === null) return isSouthernZone(zone) ? 'south' : 'north'
  return NAMED[code] ?? (SOUTHERN.has(code) ? 'south' : 'north')
}

const ZONES_OF: readonly (readonly [RegExp, string])[] = [
  [/^Australia\//, 'AU'],
  [/^Europe\/(London|Belfast)$/, 'GB'],
  [/^Europe\/Paris$/, 'FR'],
  [/^Asia\/(Kolkata|Calcutta)$/, 'IN'],
  [/^(US\/|America\/(Indiana|Kentucky|North_Dakota)\/|Pacific\/Honolulu$)/, 'US'],
  [/^America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage|Juneau)$/, 'US'],
]
const countryOfZone = (zone: Zone): string | null =>
  ZONES_OF.find(([pattern]) => pattern.test(zone))?.[1] ?? null

const isSouthernZone = (zone: Zone): boolean =>
  /^(America\/(Argentina\/.*|Buenos_Aires|Sao_Paulo|Bahia|Fortaleza|Recife|Campo_Grande|Cuiaba|Santiago|Asuncion|Montevideo|La_Paz|Lima)|Africa\/(Johannesburg|Windhoek|Harare|Maputo|Gaborone|Lusaka|Luanda|Dar_es_Salaam)|Pacific\/(Auckland|Chatham|Fiji|Tahiti|Noumea|Apia|Tongatapu|Rarotonga)|Indian\/(Mauritius|Reunion|Mayotte|Antananarivo|Mahe)|Asia\/(Jakarta|Makassar|Dili))$/.test(
    zone,
  )
