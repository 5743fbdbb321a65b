import type { ClientId, EventId, JourneyId, JsonObject, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Graph } from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import type { Behaviour } from '../core/run/behaviour.ts'
import type { OutsideEvent } from '../core/run/event.ts'
import type { Run } from '../core/run/run.ts'
import type { SimulatedCouple } from '../core/run/simulate.ts'
import type { PersonView, VendorView, View } from '../core/run/view.ts'
import { addDays } from '../core/time/calendar.ts'
import { DAY_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../core/time/local.ts'
import { instantOf, localDateOf, parseZone } from '../core/time/zone.ts'
import type { Anchors } from '../core/wedding/anchor.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import { loadIndex, loadIndexMax, profileOf, regionOf } from '../core/wedding/season.ts'
import type { Curve } from '../core/wedding/season-profiles.ts'
import { vendorRulesSchema } from '../core/wedding/vendor-rules.ts'
import { holidaysOf } from './holidays.ts'

/** Couples and vendors that do not exist, for looking ahead: reachable, willing, and the same for the same words. */
export const BEHAVIOURS: { readonly [name: string]: Behaviour } = {
  never: { is: 'never' },
  silent: { is: 'silent' },
  typical: { is: 'typical', rate: 0.7 },
  always: { is: 'always', afterDays: 2 },
  worst: { is: 'worst' },
}

export function zoneFor(text: string): Zone {
  const zone = parseZone(text)
  if (zone === null) throw new Refusal('invalid', `There is no zone "${text}". Name one such as Europe/Rome.`)
  return zone
}

export function imaginedVendor(zone: Zone, region: string, type: string): VendorView {
  const rules = vendorRulesSchema.parse({})
  return {
    id: 'imagined',
    type,
    zone,
    region,
    workingDays: rules.workingDays,
    holidays: holidaysOf(region, []),
    weddingDays: new Set(),
    calendarGeneration: 1,
    openHours: rules.openHours as VendorView['openHours'],
    caps: rules.caps as VendorView['caps'],
    late: rules.late as VendorView['late'],
  }
}

const CLASSES: readonly MessageClass[] = ['transactional', 'relationship', 'marketing']
const person = (ref: string): PersonView => ({
  ref,
  zone: null,
  reach: { email: ref, sms: ref },
  may: { email: CLASSES, sms: CLASSES },
})

export type ImaginedCouple = {
  readonly client: string
  readonly wedding: LocalDate | null
  readonly zone: Zone
  readonly booked: Instant | null
  readonly stage: string
  readonly guests: number | null
}

export function imaginedView(couple: ImaginedCouple, vendor: VendorView): View {
  const anchors: Anchors = {
    wedding: { value: couple.wedding === null ? null : { is: 'day', on: couple.wedding }, generation: 1 },
    ...(couple.booked === null
      ? {}
      : { booking: { value: { is: 'moment', at: couple.booked }, generation: 1 } }),
  }
  return {
    client: {
      id: couple.client,
      stage: couple.stage,
      tags: [],
      language: 'en',
      zone: null,
      fields: {},
      holds: [],
    },
    people: [
      person('partner_a'),
      person('partner_b'),
      person('payer'),
      ...['owner', 'manager', 'assistant'].map((role) => person(`member:${role}`)),
    ],
    wedding: {
      id: 'imagined',
      status: couple.wedding === null ? 'to_be_confirmed' : 'confirmed',
      zone: couple.zone,
      region: vendor.region,
      guests: couple.guests,
    },
    anchors,
    vendor,
    sends: [],
    answers: {},
    happened: {},
    limits: { stepsPerActivationMax: 100 },
  }
}

export const imaginedRun = (client: string): Omit<Run, 'status' | 'state'> => ({
  id: `${client}|run` as RunId,
  vendor: 'imagined' as VendorId,
  client: client as ClientId,
  wedding: 'imagined' as WeddingId,
  journey: 'imagined' as JourneyId,
  version: 1,
})

/** The event this journey begins by; null when it begins by a date. */
export function beginningOf(graph: Graph, at: Instant, data: JsonObject): OutsideEvent | null {
  const type = graph.triggerType.listensTo
  return graph.triggerType.when || !type ? null : { id: 'imagined' as EventId, type, at, data, depth: 0 }
}

export const morningOf = (on: LocalDate, zone: Zone): Instant => instantOf(on, '10:00' as LocalTime, zone)

/** Numbers that look like chance and are the same each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const BOOKED_AFTER_DAYS = 14
/** Weddings lie so far behind their inquiry. */
const WEDDING_AFTER_DAYS = { least: 180, most: 450 }
const BALANCE_DUE_DAYS = 30
const PAYS_LATE_DAYS = 5
/** What becomes of a date: one couple of thirty each moves theirs, has none for a while, or calls it off. */
const CHANGES = ['moved', 'to_be_confirmed', 'cancelled']
const CHANGES_OF = 30

/** How many days ahead, one of so many: each as likely as it is busy in this region. */
function daysAhead(curve: Curve, from: LocalDate, days: { least: number; most: number }, draw: () => number) {
  const busiest = loadIndexMax(curve)
  for (;;) {
    const ahead = days.least + Math.floor(draw() * (days.most - days.least))
    if (draw() * busiest < loadIndex(curve, addDays(from, ahead))) return ahead
  }
}

/** A book as a vendor of this region has it: inquiries crowd after Christmas, weddings in the season and on its day of the week. */
export function imaginedBook(
  count: number,
  from: Instant,
  months: number,
  zone: Zone,
  vendor: VendorView,
): SimulatedCouple[] {
  const draw = chance(1)
  const { inquiries, weddings } = profileOf(regionOf(vendor.region, zone))
  const asked = { least: 0, most: Math.max(1, Math.floor(months * 0.6 * 30)) }
  const plans = Array.from({ length: count }, (_, number) => {
    const inquired = daysAhead(inquiries, localDateOf(from, zone), asked, draw)
    const since = plusMs(from, Math.floor((inquired + draw()) * DAY_MS))
    const on = localDateOf(since, zone)
    const wedding = addDays(on, daysAhead(weddings, on, WEDDING_AFTER_DAYS, draw))
    return {
      client: `couple-${number + 1}`,
      since,
      wedding,
      books: draw() < 0.8,
      guests: 20 + Math.floor(draw() * 180),
      paysLate: draw() < 0.8 ? 0 : PAYS_LATE_DAYS,
      changes: CHANGES[Math.floor(draw() * CHANGES_OF)] ?? null,
    }
  })
  const days = plans.filter((one) => one.books).map((one) => one.wedding)
  const booked = { ...vendor, weddingDays: new Set([...vendor.weddingDays, ...days]) }
  return plans.map(({ client, since, wedding, books, guests, paysLate, changes }): SimulatedCouple => {
    const bookedAt = plusMs(since, BOOKED_AFTER_DAYS * DAY_MS)
    const at = (days: number): Instant => plusMs(since, days * DAY_MS)
    const after = (days: number): Instant => plusMs(morningOf(wedding, zone), days * DAY_MS)
    const events = [
      { at: since, type: 'client_added', data: { stage: 'inquiry' } },
      { at: since, type: 'inquiry_received', data: {} },
      ...(books
        ? [
            { at: at(BOOKED_AFTER_DAYS), type: 'contract_signed', data: {} },
            { at: at(BOOKED_AFTER_DAYS + 1), type: 'payment_received', data: { instalment: 'retainer' } },
            ...(changes
              ? [{ at: at(BOOKED_AFTER_DAYS + 60), type: 'wedding_date_changed', data: { status: changes } }]
              : []),
            {
              at: after(paysLate - BALANCE_DUE_DAYS),
              type: 'payment_received',
              data: { instalment: 'balance' },
            },
            { at: after(30), type: 'custom_event', data: { name: 'gallery_published' } },
          ]
        : []),
    ]
    const view = imaginedView(
      { client, wedding, zone, booked: books ? bookedAt : null, stage: 'inquiry', guests },
      booked,
    )
    const due = { is: 'day', on: addDays(wedding, -BALANCE_DUE_DAYS) } as const
    const anchors = { ...view.anchors, 'due:balance': { value: due, generation: 1 } }
    return {
      client: client as ClientId,
      vendor: 'imagined' as VendorId,
      wedding: 'imagined' as WeddingId,
      view: books ? { ...view, anchors } : view,
      since,
      events,
    }
  })
}
