import type { Command } from 'commander'
import type { JourneyId } from '../../../core/ids.ts'
import { graphOf } from '../../../core/journey/graph.ts'
import { type SimulatedJourney, type SimulationWarning, simulate } from '../../../core/run/simulate.ts'
import { DAY_MS, instant, isoOf, plusMs } from '../../../core/time/instant.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { BEHAVIOURS, imaginedBook, morningOf } from '../../../engine/imagined.ts'
import { answering, describingVendor, type VendorOptions, vendorMeant } from '../../imagined-couple.ts'
import { houseRegistry } from '../../journey-file.ts'
import {
  HOW_NAMED,
  type MeantJourney,
  type Standing,
  sound,
  viewOf,
  withJourneys,
} from '../../journeys-meant.ts'
import { watched } from '../../progress.ts'
import { dateText, ofVendor, teach, wholeNumber } from '../../teach.ts'
import { columns, count, give, ochre, say } from '../../terminal.ts'

type Options = VendorOptions & {
  json?: boolean
  vendor?: string
  couples: number
  months: number
  from?: string
  behaviour: string
  log?: boolean
}
const MONTH_DAYS = 30
const BUSY_DAYS_SHOWN = 5

/** A whole book on a clock of its own, before anybody is written to. Files need no database. */
export function journeySimulate(group: Command): void {
  teach(
    ofVendor(
      answering(
        describingVendor(
          group
            .command('simulate <journeys...>')
            .description(
              'Send a whole book of invented couples through these journeys: what would go out by day, and what nobody would want.',
            )
            .option('--couples <number>', 'how many', wholeNumber, 100)
            .option('--months <number>', 'how long', wholeNumber, 18)
            .option('--from <date>', 'from this day on; by default today', dateText),
        ).option('--log', 'every act of it, with --json'),
        'typical',
      ),
    ),
    {
      examples: [
        'wedsync journey simulate examples/*.json --couples 1000 --months 18 --json',
        'wedsync journey simulate booked@draft after-the-wedding --behaviour worst',
      ],
      more: `${HOW_NAMED}\nA journey that is here is run under the rules of its vendor: open hours, days of work, caps and the weddings already booked.`,
      next: 'mend what it warns of, then "wedsync journey publish <file>".',
    },
  ).action((words: string[], options: Options) =>
    withJourneys(words, options, (journeys, standing) => simulateBook(journeys, standing, options)),
  )
}

async function simulateBook(
  meant: readonly MeantJourney[],
  standing: Standing | null,
  options: Options,
): Promise<void> {
  const registry = houseRegistry()
  const journeys = meant.map((one) => ({
    id: one.key as JourneyId,
    key: one.key,
    version: 1,
    graph: graphOf(sound(one), registry),
  }))
  const { zone, vendor } = vendorMeant(options, standing === null ? null : await viewOf(standing))
  const from = options.from === undefined ? instant(Date.now()) : morningOf(options.from as LocalDate, zone)
  const startedAt = performance.now()
  const couples = imaginedBook(options.couples, from, options.months, zone, vendor)
  const input = {
    journeys,
    couples,
    from,
    until: plusMs(from, options.months * MONTH_DAYS * DAY_MS),
    behaviour: BEHAVIOURS[options.behaviour]!,
  }
  const told = await watched('Couples run ahead', (tell) =>
    simulate(input, (done) => tell(done, couples.length)),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const messages = told.days.reduce((sum, day) => sum + day.messages, 0)
  const busiest = [...told.days].sort((a, b) => b.messages - a.messages).slice(0, BUSY_DAYS_SHOWN)
  const log = options.log ? { log: told.log.map((line) => ({ ...line, at: isoOf(line.at) })) } : {}
  give(
    options.json,
    {
      couples: told.couples,
      runs: told.runs,
      turns: told.turns,
      seconds,
      messages,
      days: told.days,
      warnings: told.warnings,
      ...log,
    },
    [
      `${count(told.couples, 'couple')}, ${count(told.runs, 'run')}, ${count(messages, 'message')} in ${count(options.months, 'month')} (${seconds.toFixed(1)} s).`,
      'The busiest days:',
      ...columns(
        busiest.map((day) => [
          `  ${day.on}`,
          count(day.messages, 'message'),
          count(day.tasks, 'task'),
          day.isWeddingDay ? 'a wedding day' : '',
        ]),
      ),
      ...sentencesOf(told.warnings, journeys).map(ochre),
    ],
  )
  if (told.warnings.length === 0) say('Nothing that nobody would want.')
}

/** Warnings as a person reads them: what is never reached in one line for each journey. */
function sentencesOf(
  warnings: readonly SimulationWarning[],
  journeys: readonly SimulatedJourney[],
): string[] {
  const unreached = Map.groupBy(
    warnings.filter((one) => one.code === 'step_not_reached'),
    (one) => one.journey,
  )
  return [
    ...warnings.filter((one) => one.code !== 'step_not_reached').map(sentenceOf),
    ...[...unreached].map(([key, list]) => {
      const nodes = journeys.find((one) => one.key === key)?.graph.journey.nodes.length
      return list.length === nodes
        ? `${key} never began: no couple of this book did what it begins by.`
        : `${count(list.length, 'step')} of ${key} ${list.length === 1 ? 'was' : 'were'} never reached: ${list.map((one) => one.node).join(', ')}.`
    }),
  ]
}

const sentenceOf = (one: SimulationWarning): string =>
  `${one.code.replaceAll('_', ' ')}: ${one.journey ?? ''}${one.node ? ` [${one.node}]` : ''} ${count(one.count, 'time')}${one.client ? `, such as ${one.client}` : ''}${one.on ? ` on ${one.on}` : ''}`
