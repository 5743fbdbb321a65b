import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LEFT_OUT_DAYS, listLeftOut } from '../../../contract/messages.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
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
            <Table
              label="Messages that were left out"
              columns={columnsIn(home)}
              rows={lines}
              rowKey={({ run, node, at, code }) => `${run} ${node} ${at} ${code}`}
              rowName={({ names, name }) => `${names}: ${name}`}
              heading={({ at }) => tellHeading(dayIn(new Date(at), home), today(home))}
              below={({ name, sentence }) => `${name} · ${sentence}`}
            />
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

const columnsIn = (home: string): readonly Column<Line>[] => [
  {
    id: 'couple',
    head: 'Couple',
    cell: ({ client, names }) => (
      <Link
        to="/clients/$clientId"
        params={{ clientId: client }}
        className="rounded-xs after:absolute after:inset-0 hover:underline"
      >
        {firstNames(names)}
      </Link>
    ),
  },
  {
    id: 'name',
    head: 'Message',
    width: '54%',
    cell: ({ name, kind, sentence }) => (
      <>
        <span className="flex items-center gap-2">
          <Icon of={kindOf(kind).icon} size={16} className="shrink-0 text-muted-foreground" />
          <span className="sr-only">{kindOf(kind).word}: </span>
          <span className="truncate">{name}</span>
        </span>
        <span className="block whitespace-normal text-small text-muted-foreground">{sentence}</span>
      </>
    ),
  },
  {
    id: 'when',
    head: 'When',
    width: '160px',
    cell: ({ at, zone }) => (
      <time dateTime={at}>
        {tellUnder(at, zone, home)} <Zone>{cityOf(zone)}</Zone>
      </time>
    ),
  },
  {
    id: 'state',
    head: 'State',
    width: '150px',
    cell: ({ code }) =>
      MERGED.has(code) ? (
        <StatusWord of="skipped">Told in another</StatusWord>
      ) : (
        <StatusWord of="skipped">Left out</StatusWord>
      ),
  },
]
