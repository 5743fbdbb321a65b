import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { listEvents } from '../../../contract/events.ts'
import { api, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellSoon } from '../../times.ts'

export type Happening = Seen<typeof listEvents>['data']['items'][number]

/** What happened, the newest first, page by page. */
export function useHappenings(query: { readonly client?: string; readonly type?: string }, limit: number) {
  const { vendor } = useHere()
  return useInfiniteQuery({
    queryKey: [listEvents.id, { query, params: { vendor } }, 'pages'],
    queryFn: async ({ pageParam }) =>
      (
        await api(listEvents, {
          params: { vendor },
          query: { ...query, limit, ...(pageParam && { cursor: pageParam }) },
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** When it was, and beside it what. */
export function HappeningRow({ at, children }: { readonly at: string; readonly children: ReactNode }) {
  const zone = hereZone()
  return (
    <li className="grid gap-x-4 border-t border-border py-3 first:border-t-0 md:grid-cols-[176px_minmax(0,1fr)]">
      <time dateTime={at} className="text-muted-foreground">
        {tellSoon(at, zone)} {cityOf(zone)}
      </time>
      <div className="min-w-0">{children}</div>
    </li>
  )
}
