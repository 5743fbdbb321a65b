import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { listClients } from '../../../contract/clients.ts'
import { coupleView, type KnownOfCouple } from '../../../contract/views.ts'
import type { View } from '../../../core/run/view.ts'
import { instantFrom } from '../../../core/time/instant.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { asks } from '../../api.ts'
import { isNotHere } from '../../NotHere.tsx'
import { today } from '../../times.ts'
import { clocksHere } from './clocks.ts'
import type { ChosenCouple } from './context.ts'

/** Whom one looks through when nobody was named: whoever marries next; an example where nobody will. */
const LOOKED_THROUGH_MAX = 50

export function useCouple(vendor: string, named: string | undefined): ChosenCouple | null {
  const book = useQuery({
    ...asks(listClients, { params: { vendor }, query: { limit: LOOKED_THROUGH_MAX } }),
    enabled: named === undefined,
  })
  const next = book.data?.data.items
    .filter((one) => one.wedding?.on && one.wedding.on > today())
    .sort((a, b) => (a.wedding?.on ?? '').localeCompare(b.wedding?.on ?? ''))[0]
  const client = named === EXAMPLE ? undefined : (named ?? next?.id)
  const view = useQuery({
    ...asks(coupleView, { params: { vendor }, query: client === undefined ? {} : { client } }),
    enabled: named !== undefined || book.data !== undefined,
    staleTime: 60_000,
  })
  // Who was named may be out of the book again; the example stands in for them.
  const example = useQuery({
    ...asks(coupleView, { params: { vendor }, query: {} }),
    enabled: isNotHere(view.error),
    staleTime: 60_000,
  })
  const given = (view.data ?? example.data)?.data
  return useMemo(() => {
    if (!given) return null
    const known = viewFrom(given.known)
    return {
      id: given.couple.client,
      name: given.couple.name,
      view: known,
      now: instantFrom(given.now),
      zone: known.wedding?.zone ?? known.vendor.zone,
      clocks: clocksHere(given.clocks),
    }
  }, [given])
}

/** In the address: `?as=example`. */
export const EXAMPLE = 'example'

/** The contract carries lists where the core asks sets, and no brands. */
export const viewFrom = (known: KnownOfCouple): View =>
  ({
    ...known,
    vendor: {
      ...known.vendor,
      holidays: new Set(known.vendor.holidays as LocalDate[]),
      weddingDays: new Set(known.vendor.weddingDays as LocalDate[]),
    },
  }) as unknown as View
