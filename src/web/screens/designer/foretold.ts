import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { forecastJourney } from '../../../contract/foresight.ts'
import type { BEHAVIOURS_OF_ONE } from '../../../core/run/behaviour.ts'
import type { Decision } from '../../../core/run/decision.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import { sentenceOf } from '../../../core/run/sentences.ts'
import type { Teller } from '../../../core/run/teller.ts'
import { type Instant, instantFrom } from '../../../core/time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../../../core/time/local.ts'
import { instantOf } from '../../../core/time/zone.ts'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useRested } from '../../useRested.ts'
import { disputed } from './clocks.ts'
import type { ChosenCouple } from './context.ts'

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

const READ_AGAIN_WITHIN_MS = 60_000

/** Asked only where this browser may not look ahead by itself; `is` says which. */
export function useForetold(
  journey: string,
  document: object | null,
  couple: ChosenCouple | null,
  {
    behaviour = 'typical',
    wedding = null,
    whole = true,
  }: {
    readonly behaviour?: keyof typeof BEHAVIOURS_OF_ONE
    /** As if they married then. */
    readonly wedding?: LocalDate | null
    /** What is not whole is not run ahead. */
    readonly whole?: boolean
  } = {},
): { readonly elsewhere: string | null; readonly told: Told | null; readonly error: unknown } {
  const { vendor } = useHere()
  const elsewhere = couple && document && disputed(couple, document)
  const written = useRested(document)
  const known = couple?.view.anchors.wedding?.value
  const theirs = known && known.is !== 'moment' ? known.on : null
  const asked = useQuery({
    ...asks(forecastJourney, {
      params: { vendor, journey },
      body: {
        document: { ...written },
        couple: couple?.id
          ? { client: couple.id, ...(wedding && { wedding }) }
          : { example: { wedding: wedding ?? theirs, guests: couple?.view.wedding?.guests ?? 100 } },
        behaviour,
      },
    }),
    enabled: Boolean(elsewhere) && whole && written !== null,
    placeholderData: keepPreviousData,
    gcTime: READ_AGAIN_WITHIN_MS,
    retry: false,
  })
  const told = elsewhere && couple && asked.data ? toldBy(asked.data.data, couple.clocks.differ) : null
  return { elsewhere: elsewhere || null, told, error: asked.error }
}
