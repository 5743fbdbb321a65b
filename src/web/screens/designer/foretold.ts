import type { forecastJourney } from '../../../contract/foresight.ts'
import type { Decision } from '../../../core/run/decision.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import { sentenceOf } from '../../../core/run/sentences.ts'
import type { Teller } from '../../../core/run/teller.ts'
import { type Instant, instantFrom } from '../../../core/time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../../../core/time/local.ts'
import { instantOf } from '../../../core/time/zone.ts'
import type { Seen } from '../../api.ts'

/**
 * The same look ahead, by the server: where it knows other clocks than this browser, whose own would be off. What it
 * says of a moment is said in its words, and the moment itself is put where this browser's clock shows what the right
 * one shows: whatever is drawn of it, or listed, is then true.
 */
export type ToldStep = Omit<FutureStep, 'because'> & {
  readonly because: readonly (Decision & { readonly sentence?: string })[]
}
export type Told = { readonly steps: readonly ToldStep[]; readonly truncated: boolean }

export const sentenceFor = (one: ToldStep['because'][number], teller: Teller): string =>
  one.sentence ?? sentenceOf(one, teller)

type Foretold = Seen<typeof forecastJourney>['data']
export const toldBy = ({ steps, truncated }: Foretold, differ: readonly string[]): Told => ({
  steps: steps.map(
    ({ because, at, ...step }) =>
      ({
        ...step,
        at: at === null ? null : shownAt(instantFrom(at), step, differ),
        because: because.map(({ code, sentence, exit }) => ({
          code,
          sentence,
          ...(exit !== undefined && { values: { exit } }),
        })),
      }) as object as ToldStep,
  ),
  truncated,
})

function shownAt(
  at: Instant,
  { zone, wall }: Pick<Foretold['steps'][number], 'zone' | 'wall'>,
  differ: readonly string[],
): Instant {
  const [on, time] = wall?.split('T') ?? []
  if (!differ.includes(zone) || !on || !time) return at
  return instantOf(on as LocalDate, time as LocalTime, zone as Zone)
}
