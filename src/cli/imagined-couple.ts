import type { Command } from 'commander'
import { Option } from 'commander'
import type { Json, JsonObject } from '../core/ids.ts'
import type { Behaviour } from '../core/run/behaviour.ts'
import type { VendorView, View } from '../core/run/view.ts'
import { type Instant, instant } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { BEHAVIOURS, imaginedVendor, imaginedView, morningOf, zoneFor } from '../engine/imagined.ts'
import { regionFor } from '../engine/vendors.ts'
import { dateText, pair, wholeNumber } from './teach.ts'

/** A couple that does not exist, as options describe it, at a vendor who is here or is described as well. */
export type CoupleOptions = VendorOptions & {
  readonly wedding?: string
  readonly booked?: string
  readonly guests?: number
  readonly data?: Record<string, string>
  readonly behaviour: string
}
export type VendorOptions = { readonly zone?: string; readonly region?: string; readonly type?: string }

export const describingVendor = (command: Command): Command =>
  command
    .option('--zone <zone>', "where the wedding is; the vendor's zone, or Europe/London for files alone")
    .option('--region <code>', 'for files alone: whose holidays count (default: GB)')
    .option('--type <type>', 'for files alone: what kind of vendor (default: photographer)')

const BEHAVIOURS_IN_WORDS =
  'never: nobody answers, not even your team; silent: your team does, the couple does not; typical: seven questions of ten are answered in time; always: each after two days; worst: each on its last day'

export const answering = (command: Command, usual: string): Command =>
  command.addOption(
    new Option('--behaviour <kind>', `how questions are answered. ${BEHAVIOURS_IN_WORDS}`)
      .choices(Object.keys(BEHAVIOURS))
      .default(usual),
  )

export const describingCouple = (command: Command, usual: string): Command =>
  answering(
    describingVendor(
      command.option('--wedding <date>', 'the wedding day; without it the date is to be confirmed', dateText),
    )
      .option('--booked <date>', 'when they booked; the journey begins then, by default now', dateText)
      .option('--guests <number>', 'how many guests', wholeNumber)
      .option('--data <name=value>', 'a fact of the event it begins by; as often as needed', pair),
    usual,
  )

export function vendorMeant(
  options: VendorOptions,
  known: VendorView | null,
): { zone: Zone; vendor: VendorView } {
  const zone = options.zone === undefined ? (known?.zone ?? zoneFor('Europe/London')) : zoneFor(options.zone)
  return {
    zone,
    vendor: known ?? imaginedVendor(zone, regionFor(options.region ?? 'GB'), options.type ?? 'photographer'),
  }
}

export type Imagined = {
  readonly zone: Zone
  readonly view: View
  readonly now: Instant
  readonly wedding: LocalDate | null
  readonly facts: JsonObject
  readonly assume: Behaviour
}

export function coupleMeant(options: CoupleOptions, known: VendorView | null): Imagined {
  const { zone, vendor } = vendorMeant(options, known)
  const now =
    options.booked === undefined ? instant(Date.now()) : morningOf(options.booked as LocalDate, zone)
  const wedding = options.wedding === undefined ? null : (options.wedding as LocalDate)
  const guests = options.guests ?? null
  const view = imaginedView({ client: 'couple', wedding, zone, booked: now, stage: 'booked', guests }, vendor)
  return {
    zone,
    view,
    now,
    wedding,
    facts: factsOf(options.data ?? {}),
    assume: BEHAVIOURS[options.behaviour]!,
  }
}

const factsOf = (data: Record<string, string>): { [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(data).map(([name, text]) => [name, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text]),
  )
