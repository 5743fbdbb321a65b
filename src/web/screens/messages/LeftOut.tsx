import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LEFT_OUT_DAYS, listLeftOut } from '../../../contract/messages.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, dayIn, firstNames, today } from '../../times.ts'
import { tellHeading, tellUnder } from './days.ts'
import type { Filters } from './Messages.tsx'
import { kindOf } from './words.ts'

type Line = Seen<typeof listLeftOut>['data']['items'][number]
const PAGE = 50
const MERGED = new Set(['late_merged', 'cap_merged'])

/** What was never begun, each with its reason: nobody has to ask why it did not come. */
export function LeftOut({
  filters,
  home,
  onAll,
}: {
  readonly filters: Omit<Filters, 'is'>
  /** By whose calendar the list has its days. */
  readonly home: string
  readonly onAll: () => void
}) {
  const { vendor } = useHere()
  const book = useInfiniteQuery({
    queryKey: [listLeftOut.id, { query: filters, params: { vendor } }, 'pages'],
    queryFn: async ({ pageParam }) =>
      (
        await api(listLeftOut, {
          params: { vendor },
          query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const lines = book.data?.pages.flatMap((page) => page.items) ?? []
  const days = [...Map.groupBy(lines, ({ at }) => dayIn(new Date(at), home))]
  return (
    <Answer of={book} lines={6}>
      {() =>
        lines.length === 0 && !book.hasNextPage ? (
          <EmptyState
            title={Object.keys(filters).length > 0 ? 'Nothing of this was left out' : 'Nothing was left out'}
            action={Object.keys(filters).length > 0 && <Button onClick={onAll}>Show all messages</Button>}
          >
            A message that came too late, was told inside another or had nobody to go to would stand here with
            its reason, for {LEFT_OUT_DAYS} days.
          </EmptyState>
        ) : (
          <>
            {days.map(([day, ofDay]) => (
              <section key={day} aria-label={tellHeading(day, today(home))} className="mt-4 first:mt-2">
                <h2 className="border-b border-rule pb-1 text-small font-strong text-muted-foreground">
                  {tellHeading(day, today(home))}
                </h2>
                <ul>
                  {ofDay.map((one) => (
                    <One key={`${one.run} ${one.node} ${one.at} ${one.code}`} of={one} home={home} />
                  ))}
                </ul>
              </section>
            ))}
            <LoadMore
              shown={lines.length}
              total={null}
              noun={lines.length === 1 ? 'message' : 'messages'}
              busy={book.isFetchingNextPage}
              onMore={book.hasNextPage ? () => void book.fetchNextPage() : null}
            />
          </>
        )
      }
    </Answer>
  )
}

function One({
  of: { client, names, name, kind, sentence, code, at, zone },
  home,
}: {
  readonly of: Line
  readonly home: string
}) {
  return (
    <li className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t border-border py-2.5 first:border-t-0 hover:bg-muted md:grid-cols-[200px_minmax(0,1fr)_160px_130px]">
      <Link
        to="/clients/$clientId"
        params={{ clientId: client }}
        className="truncate rounded-xs font-strong after:absolute after:inset-0 hover:underline"
      >
        {firstNames(names)}
      </Link>
      <div className="order-3 col-span-2 min-w-0 md:order-none md:col-span-1">
        <p className="flex items-center gap-2">
          <Icon of={kindOf(kind).icon} size={16} className="shrink-0 text-muted-foreground" />
          <span className="sr-only">{kindOf(kind).word}: </span>
          <span className="truncate">{name}</span>
        </p>
        <p className="max-w-[72ch] text-small text-muted-foreground">{sentence}</p>
      </div>
      <time dateTime={at} className="text-right text-muted-foreground md:text-left">
        {tellUnder(at, zone, home)} <Zone>{cityOf(zone)}</Zone>
      </time>
      <span className="hidden md:block">
        <StatusWord of="skipped">{MERGED.has(code) ? 'Told in another' : 'Left out'}</StatusWord>
      </span>
    </li>
  )
}
