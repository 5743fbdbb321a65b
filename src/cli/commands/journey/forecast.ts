import type { Command } from 'commander'
import { graphOf, type Journey } from '../../../core/journey/graph.ts'
import { type FutureStep, forecastNew } from '../../../core/run/forecast.ts'
import { tellAt } from '../../../core/run/teller.ts'
import { isoOf } from '../../../core/time/instant.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { beginningOf, imaginedRun, morningOf } from '../../../engine/imagined.ts'
import { type CoupleOptions, coupleMeant, describingCouple, type Imagined } from '../../imagined-couple.ts'
import { houseRegistry } from '../../journey-file.ts'
import { HOW_NAMED, sound, viewOf, withJourneys } from '../../journeys-meant.ts'
import { dateText, ofVendor, teach } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'

type Options = CoupleOptions & { json?: boolean; vendor?: string; until?: string }

/** What a journey would do to one couple, by the very functions that do it. A file needs no database. */
export function journeyForecast(group: Command): void {
  teach(
    ofVendor(
      describingCouple(
        group
          .command('forecast <journey>')
          .description(
            'Show what a journey would do with one couple, step by step: when, what, to whom, and what is taken for granted.',
          ),
        'typical',
      ).option('--until <date>', 'look no further', dateText),
    ),
    {
      examples: [
        'wedsync journey forecast booked.json --wedding 2027-06-12 --zone Europe/Rome --booked 2026-10-01',
        'wedsync journey forecast booked@draft --wedding 2027-06-12 --behaviour worst --json',
      ],
      more: HOW_NAMED,
      next: '"wedsync journey explain <journey> --wedding <date>" says why of every step; "wedsync journey simulate <journeys>" does it for a whole book.',
    },
  ).action((words: string, options: Options) =>
    withJourneys([words], options, async ([meant], standing) => {
      const couple = coupleMeant(options, standing === null ? null : await viewOf(standing))
      tell(sound(meant!), couple, options)
    }),
  )
}

function tell(
  journey: Journey,
  { zone, now, wedding, view, facts, assume }: Imagined,
  options: Options,
): void {
  const graph = graphOf(journey, houseRegistry())
  const told = forecastNew(graph, imaginedRun('couple'), beginningOf(graph, now, facts), view, now, {
    assume,
    ...(options.until ? { until: morningOf(options.until as LocalDate, zone) } : {}),
  })
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
