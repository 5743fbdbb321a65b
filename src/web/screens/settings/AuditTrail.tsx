import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { listAudit } from '../../../contract/audit.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { listMembers } from '../../../contract/members.ts'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { Section } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellSoon } from '../../times.ts'
import { actOf, actorName } from './acts.tsx'
import { SealedRecord } from './SealedRecord.tsx'

const PAGE = 50

export function AuditTrail() {
  const { vendor } = useHere()
  const members = useQuery(asks(listMembers, { params: { vendor } }))
  const record = useInfiniteQuery({
    queryKey: [listAudit.id, { vendor }],
    queryFn: async ({ pageParam }) =>
      (
        await api(listAudit, {
          params: { vendor },
          query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // It grows with everything one does.
    staleTime: 0,
  })
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const names = {
    members: new Map(members.data?.data.items.map((one) => [one.id, one.name])),
    journeys: new Map(journeys.data?.data.items.map((one) => [one.id, one.name])),
  }
  return (
    <Section title="Changes" meta={`all times ${cityOf(hereZone())}`}>
      <SealedRecord />
      <Answer of={record} lines={6}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.items)
          return (
            <>
              <ol>
                {entries.map((one) => (
                  <li
                    key={one.id}
                    className="grid gap-x-4 border-t border-border py-2 first:border-t-0 md:grid-cols-[168px_minmax(0,1fr)]"
                  >
                    <span className="order-2 text-muted-foreground md:order-1 md:text-foreground">
                      <time dateTime={one.at}>{tellSoon(one.at, hereZone())}</time>
                    </span>
                    <span className="order-1 md:order-2">
                      <span className="font-strong">{actorName(one.actor, names)}</span> {actOf(one, names)}
                    </span>
                  </li>
                ))}
              </ol>
              <LoadMore
                shown={entries.length}
                total={null}
                noun={entries.length === 1 ? 'change' : 'changes'}
                busy={record.isFetchingNextPage}
                onMore={record.hasNextPage ? () => void record.fetchNextPage() : null}
              />
            </>
          )
        }}
      </Answer>
    </Section>
  )
}
