import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { forecastJourney } from '../../../contract/foresight.ts'
import type { BEHAVIOURS_OF_ONE } from '../../../core/run/behaviour.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useRested } from '../../useRested.ts'
import { disputed } from './clocks.ts'
import type { ChosenCouple } from './context.ts'
import { type Told, toldBy } from './foretold.ts'

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
  const answer = asked.data?.data
  // The same answer is the same walk: whatever is drawn of it is drawn once.
  const told = useMemo(
    () => (elsewhere && couple && answer ? toldBy(answer, couple.clocks.differ) : null),
    [elsewhere, couple, answer],
  )
  return { elsewhere: elsewhere || null, told, error: asked.error }
}
