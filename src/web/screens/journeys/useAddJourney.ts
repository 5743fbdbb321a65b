import { useNavigate } from '@tanstack/react-router'
import type { z } from 'zod'
import { addJourney, listJourneys } from '../../../contract/journeys.ts'
import { api, askAgain } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'

/** A new draft, made once however often it is pressed; then one stands before it. */
export function useAddJourney() {
  const { vendor } = useHere()
  const navigate = useNavigate()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const add = (body: z.input<typeof addJourney.body>): void =>
    act(async () => {
      const { data } = await api(addJourney, { params: { vendor }, body, key: keyOf(body) })
      await askAgain(listJourneys)
      await navigate({ to: '/journeys/$journeyId', params: { journeyId: data.id } })
    })
  return { busy, add }
}
