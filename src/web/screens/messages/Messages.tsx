import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { History, Mail, Search } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { readClient } from '../../../contract/clients.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { listMessages } from '../../../contract/messages.ts'
import { readVendor } from '../../../contract/vendors.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Eyebrow, Lede, LINK, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { capital, cityOf, dayIn, firstNames, hereZone, inWords, today } from '../../times.ts'
import { tellHeading, tellUnder } from './days.ts'
import { LeftOut } from './LeftOut.tsx'
import { MessageSheet } from './MessageSheet.tsx'
import { Planned } from './Planned.tsx'
import { Received } from './Received.tsx'
import { SearchBox } from './SearchBox.tsx'
import { WhyPanel } from './WhyPanel.tsx'
import { KIND_CHOICES, kindOf, messageStatus, recipientName } from './words.ts'

const room = getRouteApi('/house/messages')
const PAGE = 50
const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'sent', label: 'Sent' },
  { value: 'received', label: 'They wrote' },
  { value: 'waiting', label: 'On their way' },
  { value: 'not_sent', label: 'Not sent' },
  { value: 'left_out', label: 'Left out' },
  { value: 'planned', label: 'Planned' },
] as const
type Shown = (typeof SHOWN)[number]['value']
export type Message = Seen<typeof listMessages>['data']['items'][number]

/** Everything that was written to anybody, and what is about to be; and for each that did not come, why. */
export function Messages() {
  const { is, kind, journey, client, search, message, on } = room.useSearch()
  const navigate = useNavigate({ from: '/messages' })
  const shown = SHOWN.find((one) => one.value === is)?.value ?? 'all'
  const set = (more: { [name: string]: string | undefined }): void =>
    void navigate({
      search: (now) =>
        Object.fromEntries(Object.entries({ ...now, ...more }).filter(([, value]) => value)) as typeof now,
      replace: true,
      resetScroll: false,
    })
  const home = useHomeZone()
  const show = (next: Shown) => set({ is: next === 'all' ? undefined : next, on: undefined })
  useActs([
    ...SHOWN.filter(({ value }) => value !== shown).map(({ value, label }) => ({
      label: `Messages: ${label}`,
      icon: Mail,
      also: ['show', ...(value === 'planned' ? ['say otherwise', 'edit'] : [])],
      run: () => show(value),
    })),
    {
      label: 'What started what',
      icon: History,
      also: ['triggers'],
      run: () => void navigate({ to: '/messages/triggers', search: client ? { client } : {} }),
    },
  ])
  const filters = {
    ...(kind && { kind }),
    ...(journey && { journey }),
    ...(client && { client }),
    ...(search && { search }),
  }
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div>
          <Eyebrow>Messages</Eyebrow>
          <Lede>What your couples were sent, what did not go, and what they wrote.</Lede>
        </div>
        <Link to="/messages/triggers" search={client ? { client } : {}} className={LINK}>
          What started what
        </Link>
      </div>
      <search className="mt-4 grid gap-2 md:flex md:flex-wrap md:items-center">
        <div className={shown === 'received' ? 'hidden' : 'md:w-[244px]'}>
          <SearchBox
            label="Find messages"
            placeholder="A name, a subject, or both"
            value={search ?? ''}
            icon={Search}
            onChange={(words) => set({ search: words })}
          />
        </div>
        <div className="-mx-5 overflow-x-auto px-5 py-0.5 md:mx-0 md:px-0">
          <Segmented label="Which messages" value={shown} segments={SHOWN} onChange={show} />
        </div>
        <div className={shown === 'received' ? 'hidden' : 'grid grid-cols-2 gap-2 md:flex'}>
          <div className="md:w-[130px]">
            <Select
              aria-label="Kind"
              value={kind ?? ''}
              choices={[
                { value: '', label: 'Every kind' },
                ...[...new Set([...KIND_CHOICES, ...(kind ? [kind] : [])])].map((value) => ({
                  value,
                  label: kindOf(value).word,
                })),
              ]}
              onChange={({ target }) => set({ kind: target.value || undefined })}
            />
          </div>
          <div className="md:w-[190px]">
            <JourneyChoice value={journey} onChange={(next) => set({ journey: next })} />
          </div>
        </div>
      </search>
      {client && <OnlyOf client={client} onAll={() => set({ client: undefined })} />}
      {search && shown !== 'received' && <WhyPanel search={search} />}
      <div className="mt-3">
        {shown === 'planned' ? (
          <Planned
            search={search}
            kind={kind}
            journey={journey}
            client={client}
            on={on}
            onEveryDay={() => set({ on: undefined })}
          />
        ) : shown === 'received' ? (
          <Received client={client} />
        ) : shown === 'left_out' ? (
          <LeftOut filters={filters} home={home} onAll={() => void navigate({ search: {} })} />
        ) : (
          <Written
            filters={{ ...(shown !== 'all' && { is: shown }), ...filters }}
            home={home}
            onAll={() => void navigate({ search: {} })}
          />
        )}
      </div>
      {message && <MessageSheet id={message} onClose={() => set({ message: undefined })} />}
    </>
  )
}

function JourneyChoice({
  value,
  onChange,
}: {
  readonly value: string | undefined
  readonly onChange: (journey: string | undefined) => void
}) {
  const { vendor } = useHere()
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const all = journeys.data?.data.items ?? []
  return (
    <Select
      aria-label="Journey"
      value={value ?? ''}
      choices={[
        { value: '', label: 'Every journey' },
        ...all.map((one) => ({ value: one.id, label: one.name })),
        ...(value && !all.some((one) => one.id === value) ? [{ value, label: 'One journey' }] : []),
      ]}
      onChange={({ target }) => onChange(target.value || undefined)}
    />
  )
}

function OnlyOf({ client, onAll }: { readonly client: string; readonly onAll: () => void }) {
  const { vendor } = useHere()
  const couple = useQuery(asks(readClient, { params: { vendor, client } }))
  return (
    <p className="mt-3 flex flex-wrap items-center gap-3">
      <span>
        Only of{' '}
        <Link to="/clients/$clientId" params={{ clientId: client }} className={LINK}>
          {couple.data?.data.name ?? 'one couple'}
        </Link>
      </span>
      <Button size="sm" onClick={onAll}>
        Of everybody
      </Button>
    </p>
  )
}

export type Filters = {
  readonly is?: 'sent' | 'waiting' | 'not_sent'
  readonly kind?: string
  readonly journey?: string
  readonly client?: string
  readonly search?: string
}

function Written({
  filters,
  home,
  onAll,
}: {
  readonly filters: Filters
  readonly home: string
  readonly onAll: () => void
}) {
  const { vendor } = useHere()
  const book = useInfiniteQuery({
    queryKey: [listMessages.id, { query: filters, params: { vendor } }, 'pages'],
    queryFn: async ({ pageParam }) =>
      (
        await api(listMessages, {
          params: { vendor },
          query: { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        })
      ).data,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  // They come in the order they were planned; what was tried again stands on the day it settled.
  const messages = useMemo(
    () =>
      (book.data?.pages.flatMap((page) => page.items) ?? []).sort((a, b) => when(b).localeCompare(when(a))),
    [book.data],
  )
  const columns = useMemo(() => columnsIn(home), [home])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = book
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const filtered = Object.keys(filters).length > 0
  return (
    <div aria-busy={book.isPlaceholderData}>
      <Answer of={book} lines={8}>
        {() =>
          messages.length > 0 ? (
            <>
              <p className="mb-2 text-small text-muted-foreground" aria-live="polite">
                {book.hasNextPage
                  ? `The newest ${messages.length.toLocaleString()}`
                  : `${capital(inWords(messages.length))} ${messages.length === 1 ? 'message' : 'messages'}`}
              </p>
              <Table
                label="Messages"
                columns={columns}
                rows={messages}
                rowKey={({ id }) => id}
                rowName={({ names, name }) => `${names}: ${name}`}
                heading={(one) => tellHeading(dayIn(new Date(when(one)), home), today(home))}
                below={({ name }) => name}
                height="calc(100dvh - 280px)"
                onNearEnd={more}
              />
              {book.hasNextPage && messages.length <= 60 && (
                <div className="mt-3">
                  <Button busy={isFetchingNextPage} onClick={more}>
                    Show more
                  </Button>
                </div>
              )}
            </>
          ) : filtered ? (
            <EmptyState
              title="Nothing that was sent fits that"
              action={<Button onClick={onAll}>Show all messages</Button>}
            >
              What was never begun stands under Planned or Left out
              {filters.search ? '.' : ', or search for a couple and a step to be told why.'}
            </EmptyState>
          ) : (
            <EmptyState
              title="The first message will stand here"
              action={
                <Button asChild look="primary">
                  <Link to="/journeys">See your journeys</Link>
                </Button>
              }
            >
              Each message of a journey is kept with its words, its attempts and its reason, also the ones
              that did not go.
            </EmptyState>
          )
        }
      </Answer>
    </div>
  )
}

const when = (one: Message): string => one.settled ?? one.due ?? one.planned

/** By whose calendar a list has its days. */
function useHomeZone(): string {
  const { vendor } = useHere()
  const { data } = useQuery(asks(readVendor, { params: { vendor } }))
  return data?.data.zone ?? hereZone()
}

const columnsIn = (home: string): readonly Column<Message>[] => [
  {
    id: 'couple',
    head: 'Couple',
    cell: ({ id, names }) => (
      <Link
        to="/messages"
        search={(now) => ({ ...now, message: id })}
        resetScroll={false}
        className="rounded-xs after:absolute after:inset-0 hover:underline"
      >
        {firstNames(names)}
      </Link>
    ),
  },
  {
    id: 'name',
    head: 'Message',
    width: '34%',
    cell: ({ name, kind }) => (
      <span className="flex max-w-[360px] items-center gap-2">
        <Icon of={kindOf(kind).icon} size={16} className="shrink-0 text-muted-foreground" />
        <span className="sr-only">{kindOf(kind).word}: </span>
        <span className="truncate">{name}</span>
      </span>
    ),
  },
  { id: 'to', head: 'To', width: '120px', cell: ({ recipient, names }) => recipientName(recipient, names) },
  {
    id: 'when',
    head: 'When',
    width: '160px',
    cell: (one) => (
      <time dateTime={when(one)}>
        {tellUnder(when(one), one.zone, home)} <Zone>{cityOf(one.zone)}</Zone>
      </time>
    ),
  },
  {
    id: 'state',
    head: 'State',
    width: '150px',
    onPhone: true,
    cell: (one) => {
      const { of, says } = messageStatus(one.state, one.cause)
      return (
        <>
          <span className="flex items-center gap-2">
            <StatusWord of={of}>{says}</StatusWord>
            {one.attempts > 1 && <Badge>{`${one.attempts} tries`}</Badge>}
          </span>
          <span className="block text-small font-normal text-muted-foreground md:hidden">
            {tellUnder(when(one), one.zone, home)} {cityOf(one.zone)}
          </span>
        </>
      )
    },
  },
]
