import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { Option } from 'commander'
import type { Json } from '../../../core/ids.ts'
import { graphOf, type Journey } from '../../../core/journey/graph.ts'
import { type FutureStep, forecastNew } from '../../../core/run/forecast.ts'
import { tellAt } from '../../../core/run/teller.ts'
import type { VendorView } from '../../../core/run/view.ts'
import { instant, isoOf } from '../../../core/time/instant.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import {
  BEHAVIOURS,
  beginningOf,
  imaginedRun,
  imaginedVendor,
  imaginedView,
  morningOf,
  zoneFor,
} from '../../../engine/imagined.ts'
import { houseRegistry, soundJourney } from '../../journey-file.ts'
import { dateText, ofVendor, pair, teach, wholeNumber } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'
import { meant } from './diff.ts'

type Options = {
  json?: boolean
  vendor?: string
  wedding?: string
  zone: string
  region: string
  type: string
  booked?: string
  guests?: number
  until?: string
  behaviour: string
  data?: Record<string, string>
}

/** What a journey would do to one couple, by the very functions that do it. A file needs no database. */
export function journeyForecast(group: Command): void {
  teach(
    ofVendor(
      group
        .command('forecast <file|key>')
        .description(
          'Show what a journey would do with one couple, step by step: when, what, to whom, and what is taken for granted.',
        )
        .option('--wedding <date>', 'the wedding day; without it the date is to be confirmed', dateText)
        .option('--zone <zone>', 'where the wedding is', 'Europe/London')
        .option('--region <code>', 'whose holidays count', 'GB')
        .option('--type <type>', 'what kind of vendor', 'photographer')
        .option('--booked <date>', 'when they booked; the journey begins then, by default today', dateText)
        .option('--guests <number>', 'how many guests', wholeNumber)
        .option('--data <name=value>', 'a fact of the event it begins by; as often as needed', pair)
        .option('--until <date>', 'look no further', dateText)
        .addOption(
          new Option('--behaviour <kind>', 'how the couple answers')
            .choices(Object.keys(BEHAVIOURS))
            .default('typical'),
        ),
    ),
    {
      examples: [
        'wedsync journey forecast booked.json --wedding 2027-06-12 --zone Europe/Rome --booked 2026-10-01',
        'wedsync journey forecast booked --wedding 2027-06-12 --behaviour worst --json',
      ],
      next: '"wedsync journey simulate <files>" does it for a whole book; "wedsync journey explain --client <…>" for couples who are on their way.',
    },
  ).action(async (words: string, options: Options) => {
    if (existsSync(words)) {
      const { journey } = await soundJourney(words)
      return tell(journey, imaginedVendor(zoneFor(options.zone), options.region, options.type), options)
    }
    await withHouse(async (house) => {
      const vendor = await vendorFor(house.engine, options.vendor)
      const journey = await meant(house, vendor.id, words)
      const known = await house.engine.db.tx('forecast.vendor', { vendors: [vendor.id] }, (sql) =>
        house.engine.vendorViews.find(sql, [{ vendor: vendor.id, rev: '' }]),
      )
      tell(journey, known.get(vendor.id)!.view, options)
    })
  })
}

function tell(journey: Journey, vendor: VendorView, options: Options): void {
  const zone = zoneFor(options.zone)
  const graph = graphOf(journey, houseRegistry())
  const booked = options.booked === undefined ? null : morningOf(options.booked as LocalDate, zone)
  const now = booked ?? instant(Date.now())
  const wedding = options.wedding === undefined ? null : (options.wedding as LocalDate)
  const view = imaginedView(
    {
      client: 'couple',
      wedding,
      zone,
      booked: booked ?? now,
      stage: 'booked',
      guests: options.guests ?? null,
    },
    vendor,
  )
  const told = forecastNew(
    graph,
    imaginedRun('couple'),
    beginningOf(graph, now, factsOf(options.data ?? {})),
    view,
    now,
    {
      assume: BEHAVIOURS[options.behaviour]!,
      ...(options.until ? { until: morningOf(options.until as LocalDate, zone) } : {}),
    },
  )
  const steps = told.steps.map((step) => ({ ...step, at: step.at === null ? null : isoOf(step.at) }))
  const ended = told.ended === null ? null : { ...told.ended, at: isoOf(told.ended.at) }
  const when = (step: FutureStep): string =>
    step.at === null ? 'nobody can say when' : tellAt(step.at, { zone, now })
  give(
    options.json,
    {
      journey: journey.name,
      wedding,
      zone,
      behaviour: options.behaviour,
      steps,
      ended,
      truncated: told.truncated,
    },
    [
      ...columns(
        told.steps.map((step) => [
          when(step),
          step.what,
          `${step.name}${step.recipients.length > 0 ? ` to ${step.recipients.join(', ')}` : ''}`,
        ]),
      ),
      told.ended === null
        ? 'It does not end within these bounds.'
        : `Ends ${tellAt(told.ended.at, { zone, now })}: ${told.ended.status}.`,
      ...new Set(told.steps.flatMap((step) => step.assumes.map((one) => `  taken for granted: ${one}`))),
    ],
  )
}

const factsOf = (data: Record<string, string>): { [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(data).map(([name, text]) => [name, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text]),
  )
