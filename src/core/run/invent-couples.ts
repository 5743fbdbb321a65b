import type { ClientId, VendorId, WeddingId } from '../ids.ts'
import { unitHash } from '../journey/arm.ts'
import { addDays, dateOfDay, dayOfWall, weekdayOf } from '../time/calendar.ts'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { wallOf } from '../time/zone.ts'
import type { MessageClass } from '../wedding/policy.ts'
import type { SimulatedCouple } from './simulate.ts'
import type { PersonView, View } from './view.ts'

/**
 * Couples nobody has met: they ask, sign and pay at believable moments and marry on believable days. From a
 * seed, so that two simulations of two drafts see the same people.
 */
export type Invention = {
  readonly seed: string
  readonly count: number
  readonly from: Instant
  readonly until: Instant
  readonly vendor: View['vendor']
  /** Where they marry; the vendor's own zone when not said. */
  readonly zones?: readonly Zone[]
}

const CLASSES: readonly MessageClass[] = ['transactional', 'relationship', 'marketing']
/** Most weddings are on Saturdays, some on Fridays, few in the week. */
const SATURDAYS = 0.7
const FRIDAYS = 0.15

export function inventCouples(invention: Invention): SimulatedCouple[] {
  const { seed, count, from, until } = invention
  const drawn = Array.from({ length: count }, (_, nth) => {
    const luck = (what: string): number => unitHash(`${seed}\n${nth}\n${what}`)
    const asks = plusMs(from, Math.floor((luck('asks') * (until - from) * 0.6) / HOUR_MS) * HOUR_MS)
    const lead = Math.round((45 + luck('lead') * 400) * DAY_MS)
    return { nth, luck, asks, wedding: marriesOn(plusMs(asks, lead), luck('weekday')) }
  })
  const weddingDays = new Set([
    ...invention.vendor.weddingDays,
    ...drawn.filter((_, nth) => nth % 20 === 0).map((one) => one.wedding),
  ])
  const vendor = { ...invention.vendor, weddingDays }
  return drawn.map(({ nth, luck, asks, wedding }) => couple(invention, vendor, nth, luck, asks, wedding))
}

function marriesOn(near: Instant, luck: number): LocalDate {
  const day = dateOfDay(dayOfWall(wallOf(near, 'UTC' as Zone)))
  const wanted = luck < SATURDAYS ? 6 : luck < SATURDAYS + FRIDAYS ? 5 : weekdayOf(day)
  return addDays(day, (wanted - weekdayOf(day) + 7) % 7)
}

function couple(
  invention: Invention,
  vendor: View['vendor'],
  nth: number,
  luck: (what: string) => number,
  asks: Instant,
  wedding: LocalDate,
): SimulatedCouple {
  const client = `invented-${invention.seed}-${nth}` as ClientId
  const zones = invention.zones ?? [vendor.zone]
  const zone = zones[Math.floor(luck('zone') * zones.length)] ?? vendor.zone
  const signs = plusMs(asks, Math.round((2 + luck('signs') * 20) * DAY_MS))
  const pays = plusMs(signs, Math.round((0.1 + luck('pays') * 5) * DAY_MS))
  return {
    client,
    vendor: vendor.id as VendorId,
    wedding: `wedding-of-${client}` as WeddingId,
    since: asks,
    view: viewOf(client, vendor, zone, wedding, luck),
    events: [
      { at: asks, type: 'inquiry_received', data: {} },
      { at: signs, type: 'contract_signed', data: {} },
      { at: pays, type: 'payment_received', data: { instalment: 'retainer', amount: 50_000 } },
    ],
  }
}

function viewOf(
  client: ClientId,
  vendor: View['vendor'],
  zone: Zone,
  on: LocalDate,
  luck: (what: string) => number,
): View {
  const shares = luck('address') < 0.2
  const b = luck('partner_b') < 0.1 ? {} : { email: shares ? `${client}-a` : `${client}-b` }
  return {
    client: {
      id: client,
      stage: 'inquiry',
      tags: luck('tag') < 0.3 ? ['engagement_session'] : [],
      language: 'en',
      zone: null,
      fields: {},
      holds: [],
    },
    people: [
      person('partner_a', { email: `${client}-a`, sms: `${client}-a` }),
      person('partner_b', b),
      ...['owner', 'manager', 'assistant'].map((role) => person(`member:${role}`, { email: role })),
    ],
    wedding: {
      id: `wedding-of-${client}`,
      status: 'confirmed',
      zone,
      region: null,
      guests: 60 + Math.round(luck('guests') * 120),
    },
    anchors: { wedding: { value: { is: 'day', on }, generation: 1 } },
    vendor,
    sends: [],
    answers: {},
    happened: {},
    limits: { stepsPerActivationMax: 100 },
  }
}

const person = (ref: string, reach: PersonView['reach']): PersonView => ({
  ref,
  zone: null,
  reach,
  may: { email: CLASSES, sms: CLASSES },
})
