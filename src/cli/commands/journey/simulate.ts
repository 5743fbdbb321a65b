import type { Command } from 'commander'
import { Option } from 'commander'
import type { JourneyId } from '../../../core/ids.ts'
import { graphOf } from '../../../core/journey/graph.ts'
import { simulate } from '../../../core/run/simulate.ts'
import { DAY_MS, instant, isoOf, plusMs } from '../../../core/time/instant.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { BEHAVIOURS, imaginedBook, morningOf, zoneFor } from '../../../engine/imagined.ts'
import { houseRegistry, soundJourney } from '../../journey-file.ts'
import { dateText, teach, wholeNumber } from '../../teach.ts'
import { columns, count, give, ochre, say } from '../../terminal.ts'

type Options = {
  json?: boolean
  couples: number
  months: number
  from?: string
  zone: string
  region: string
  type: string
  behaviour: string
  log?: boolean
}
const MONTH_DAYS = 30
const BUSY_DAYS_SHOWN = 5

/** A whole book on a clock of its own, before anybody is written to. Needs no database. */
export function journeySimulate(group: Command): void {
  teach(
    group
      .command('simulate <files...>')
      .description(
        'Send a whole book of invented couples through these journeys: what would go out by day, and what nobody would want.',
      )
      .option('--couples <number>', 'how many', wholeNumber, 100)
      .option('--months <number>', 'how long', wholeNumber, 18)
      .option('--from <date>', 'from this day on; by default today', dateText)
      .option('--zone <zone>', 'where they marry', 'Europe/London')
      .option('--region <code>', 'whose holidays count', 'GB')
      .option('--type <type>', 'what kind of vendor', 'photographer')
      .option('--log', 'every act of it, with --json')
      .addOption(
        new Option('--behaviour <kind>', 'how the couples answer')
          .choices(Object.keys(BEHAVIOURS))
          .default('typical'),
      ),
    {
      examples: [
        'wedsync journey simulate examples/*.json --couples 1000 --months 18 --json',
        'wedsync journey simulate my.json --behaviour worst',
      ],
      next: 'mend what it warns of, then "wedsync journey publish <file>".',
    },
  ).action(async (files: string[], options: Options) => {
    const registry = houseRegistry()
    const sound = await Promise.all(files.map((file) => soundJourney(file)))
    const journeys = sound.map(({ key, journey }) => ({
      id: key as JourneyId,
      key,
      version: 1,
      graph: graphOf(journey, registry),
    }))
    const zone = zoneFor(options.zone)
    const from = options.from === undefined ? instant(Date.now()) : morningOf(options.from as LocalDate, zone)
    const startedAt = performance.now()
    const couples = imaginedBook(options.couples, from, options.months, zone, options.region, options.type)
    const told = simulate({
      journeys,
      couples,
      from,
      until: plusMs(from, options.months * MONTH_DAYS * DAY_MS),
      behaviour: BEHAVIOURS[options.behaviour]!,
    })
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
        ...told.warnings.map((one) =>
          ochre(
            `${one.code.replaceAll('_', ' ')}: ${one.journey ?? ''}${one.node ? ` [${one.node}]` : ''} ${count(one.count, 'time')}${one.client ? `, such as ${one.client}` : ''}${one.on ? ` on ${one.on}` : ''}`,
          ),
        ),
      ],
    )
    if (told.warnings.length === 0) say('Nothing that nobody would want.')
  })
}
