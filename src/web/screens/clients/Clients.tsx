import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Search, UserPlus } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { addClient, type ClientDocument, listClients, tagClients } from '../../../contract/clients.ts'
import { startMany } from '../../../contract/runs.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Input } from '../../../ui/Input.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Eyebrow, Lede, LINK, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api } from '../../api.ts'
import { useHeldBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { soonHere } from '../../soon-here.ts'
import { capital, cityOf, inWords } from '../../times.ts'
import { AddCouple } from './AddCouple.tsx'
import { Bulk } from './Bulk.tsx'
import { JobProgress } from './JobProgress.tsx'
import { useBegun } from './useBegun.ts'
import { goneId, stageChoices, stageWord, tagWord } from './words.ts'

const room = getRouteApi('/house/clients')
const PAGE = 200
const WRITTEN_WITHIN_MS = 180
const SELECTED_MAX = 10_000

type Filters = {
  readonly search?: string
  readonly stage?: string
  readonly tag?: string
  readonly order?: 'wedding'
}

/** Pages as they are needed; while other filters are asked for, what was there stays. */
function useBook(filters: Filters) {
  const { vendor } = useHere()
  return useInfiniteQuery({
    queryKey: [listClients.id, { vendor, ...filters }],
    queryFn: async ({ pageParam }) => {
      const query = { ...filters, limit: PAGE, ...(pageParam && { cursor: pageParam }) }
      return (await api(listClients, { params: { vendor }, query })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

export function Clients() {
  const { search, stage, tag, order, add } = room.useSearch()
  const filters = {
    ...(search && { search }),
    ...(stage && { stage }),
    ...(tag && { tag }),
    ...(order === 'wedding' && { order }),
  }
  const book = useBook(filters)
  const { may } = useHere()
  const navigate = useNavigate({ from: '/clients' })
  const mayAdd = may(addClient)
  const opens = useMemo(
    () => (mayAdd ? offers(() => void navigate({ search: (now) => ({ ...now, add: true }) })) : []),
    [mayAdd, navigate],
  )
  useOffer(opens)
  const gone = useHeldBack()
  const couples = useMemo(
    () => book.data?.pages.flatMap((page) => page.items.filter(({ id }) => !gone.has(goneId(id)))) ?? [],
    [book.data, gone],
  )
  const filtered = Boolean(search || stage || tag)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = book
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const maySelect = may(startMany) || may(tagClients)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [begun, setBegun] = useBegun('clients')
  // Whoever no longer fits the filters is no longer meant.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters are what it hangs on.
  useEffect(() => setChosen(new Set()), [search, stage, tag])
  const toggle = (id: string) =>
    setChosen((now) => {
      const next = new Set(now)
      if (!next.delete(id)) next.add(id)
      return next
    })
  /** All means all that fit, also those that were not scrolled to yet. */
  const selectAll = async (on: boolean) => {
    setChosen(new Set(on ? couples.map(({ id }) => id) : []))
    if (!on) return
    for (let next = book.hasNextPage; next; ) {
      const { data, hasNextPage } = await fetchNextPage()
      const all = data?.pages.flatMap((page) => page.items) ?? []
      setChosen(new Set(all.slice(0, SELECTED_MAX).map(({ id }) => id)))
      next = hasNextPage && all.length < SELECTED_MAX
    }
  }
  // Only who is on the page: what was ticked before the filters changed is not meant.
  const meant = useMemo(() => couples.filter(({ id }) => chosen.has(id)), [couples, chosen])
  const says = lede(
    book.data && { count: couples.length, whole: !book.hasNextPage },
    alike(search, stage, tag),
    order === 'wedding' ? 'by their wedding day' : 'the newest first',
  )
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          <Eyebrow>Clients</Eyebrow>
          <Lede>{says}</Lede>
          {/* The head changes while somebody types elsewhere: it is read out, too. */}
          <p aria-live="polite" className="sr-only">
            {filtered && says}
          </p>
        </div>
        {mayAdd && couples.length > 0 && (
          <div className="flex flex-wrap gap-2">
            <Button asChild>
              <Link to="/clients/import">Import a table</Link>
            </Button>
            <Button
              look="primary"
              icon={UserPlus}
              onClick={() => void navigate({ search: (now) => ({ ...now, add: true }) })}
            >
              Add a couple
            </Button>
          </div>
        )}
      </div>
      {(filtered || couples.length > 0) && <Finding couples={couples} />}
      {begun && (
        <JobProgress
          key={begun.job}
          id={begun.job}
          label={begun.label}
          undoable={begun.undoable}
          onUndo={(job) => setBegun({ job, label: 'Taking it back', undoable: false })}
          onClose={() => setBegun(null)}
        />
      )}
      <div className="mt-3" aria-busy={book.isPlaceholderData}>
        <Answer of={book} lines={6}>
          {() =>
            couples.length > 0 ? (
              <Table
                label="Couples"
                columns={COLUMNS}
                rows={couples}
                rowKey={({ id }) => id}
                rowName={({ name }) => name}
                below={weddingLine}
                height="calc(100dvh - 292px)"
                onNearEnd={more}
                {...(maySelect && {
                  selection: {
                    has: (id: string) => chosen.has(id),
                    toggle,
                    size: meant.length,
                    all: (on: boolean) => {
                      if (!book.isPlaceholderData) void selectAll(on)
                    },
                  },
                  actions: (
                    <Bulk
                      couples={meant}
                      onBegun={(one) => {
                        setBegun(one)
                        setChosen(new Set())
                      }}
                    />
                  ),
                })}
              />
            ) : filtered ? (
              <EmptyState
                title="No couple fits that"
                action={
                  <Button onClick={() => void navigate({ search: () => ({}) })}>Show all couples</Button>
                }
              >
                Names, addresses and numbers are looked through, every word of the search at once.
              </EmptyState>
            ) : (
              <Empty onAdd={mayAdd ? () => void navigate({ search: { add: true } }) : null} />
            )
          }
        </Answer>
      </div>
      {mayAdd && add === true && (
        <AddCouple
          onClose={() => void navigate({ search: ({ add: _, ...rest }) => rest, replace: true })}
          onAdded={(id) =>
            void navigate({ to: '/clients/$clientId', params: { clientId: id }, replace: true })
          }
        />
      )}
    </>
  )
}

const offers = (run: () => void): readonly Command[] => [
  { id: 'add-couple', group: 'Here', label: 'Add a couple', icon: UserPlus, keys: ['N'], run },
]

const alike = (search: string | undefined, stage: string | undefined, tag: string | undefined): string =>
  [
    search && ` by “${search}”`,
    stage && ` at the stage “${stageWord(stage)}”`,
    tag && ` with the tag “${tagWord(tag)}”`,
  ]
    .filter(Boolean)
    .join('')

function lede(
  seen: { count: number; whole: boolean } | undefined,
  /** What they have in common, in words; empty where all are meant. */
  filtered: string,
  how: string,
): string {
  if (!seen) return `Your couples, ${how}.`
  const { count, whole } = seen
  const many = whole ? capital(inWords(count)) : `More than ${count.toLocaleString()}`
  const couples = count === 1 ? 'couple' : 'couples'
  if (count === 0) return filtered ? 'Nobody by these words.' : 'Your book is still empty.'
  if (filtered) return `${many} ${couples}${filtered}.`
  return `${many} ${couples} in your book, ${how}.`
}

function Empty({ onAdd }: { readonly onAdd: (() => void) | null }) {
  return (
    <EmptyState
      title="The first couple goes here"
      action={
        onAdd && (
          <Button look="primary" icon={UserPlus} onClick={onAdd}>
            Add a couple
          </Button>
        )
      }
    >
      <p>
        {onAdd
          ? 'Two names and a date are enough; the rest can follow. Nothing is sent to them by adding them, unless a journey of yours begins with a new couple.'
          : 'Your role sees couples; an owner, manager or assistant adds them.'}
      </p>
      {onAdd && (
        <p className="mt-3">
          You have a whole list?{' '}
          <Link to="/clients/import" className={LINK}>
            Bring it in from a table
          </Link>
          .{' '}
          <Link to="/begin" className={LINK}>
            Set up your first journey
          </Link>{' '}
          with them, or look round a sample studio first.
        </p>
      )}
    </EmptyState>
  )
}

/** Search and filters, all of them in the address. */
function Finding({ couples }: { readonly couples: readonly ClientDocument[] }) {
  const { search = '', stage, tag, order } = room.useSearch()
  const navigate = useNavigate({ from: '/clients' })
  const [typed, setTyped] = useState(search)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // Back and forward write into the box; whoever is typing is not written over.
    if (document.activeElement !== box.current) setTyped(search)
  }, [search])
  useEffect(() => {
    const words = typed.trim()
    if (words === search) return
    return soonHere(() => {
      void navigate({
        search: ({ search: _, ...rest }) => ({ ...rest, ...(words && { search: words }) }),
        replace: true,
        resetScroll: false,
      })
    }, WRITTEN_WITHIN_MS)
  }, [typed, search, navigate])
  const tags = [...new Set([...couples.flatMap((one) => one.tags), ...(tag ? [tag] : [])])].sort((a, b) =>
    a.localeCompare(b),
  )
  return (
    <search className="mt-4 grid grid-cols-2 gap-2 md:flex md:items-center">
      <div className="col-span-2 md:w-[320px]">
        <Input
          ref={box}
          type="search"
          icon={Search}
          aria-label="Find a couple"
          placeholder="Name, address or number"
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div className="md:w-[160px]">
        <Select
          aria-label="Stage"
          value={stage ?? ''}
          choices={[
            { value: '', label: 'Every stage' },
            ...stageChoices([...couples.map((one) => one.stage), stage]),
          ]}
          onChange={({ target }) =>
            void navigate({
              search: ({ stage: _, ...rest }) => ({ ...rest, ...(target.value && { stage: target.value }) }),
            })
          }
        />
      </div>
      <div className="md:w-[160px]">
        <Select
          aria-label="Tag"
          value={tag ?? ''}
          disabled={tags.length === 0}
          choices={[
            { value: '', label: tags.length === 0 ? 'No tags yet' : 'Every tag' },
            ...tags.map((value) => ({ value, label: tagWord(value) })),
          ]}
          onChange={({ target }) =>
            void navigate({
              search: ({ tag: _, ...rest }) => ({ ...rest, ...(target.value && { tag: target.value }) }),
            })
          }
        />
      </div>
      <div className="col-span-2 md:ml-auto md:w-[176px]">
        <Select
          aria-label="Order"
          value={order ?? ''}
          choices={ORDERS}
          onChange={({ target }) =>
            void navigate({
              search: ({ order: _, ...rest }) => ({
                ...rest,
                ...(target.value === 'wedding' && { order: 'wedding' as const }),
              }),
              replace: true,
            })
          }
        />
      </div>
    </search>
  )
}

const ORDERS = [
  { value: '', label: 'The newest first' },
  { value: 'wedding', label: 'By wedding day' },
]

const isOff = ({ wedding }: ClientDocument): boolean => wedding?.status === 'cancelled'

const weddingLine = (one: ClientDocument): string =>
  [
    one.wedding?.on ? tellDay(one.wedding.on) : 'No date yet',
    ...(isOff(one) ? ['Cancelled'] : []),
    stageWord(one.stage),
  ].join(' · ')

const COLUMNS: readonly Column<ClientDocument>[] = [
  {
    id: 'couple',
    head: 'Couple',
    cell: ({ id, name }) => (
      <Link
        to="/clients/$clientId"
        params={{ clientId: id }}
        className="rounded-xs after:absolute after:inset-0 hover:underline md:line-clamp-2 md:[overflow-wrap:anywhere]"
      >
        {name}
      </Link>
    ),
  },
  {
    id: 'wedding',
    head: 'Wedding',
    width: '240px',
    cell: ({ wedding }) =>
      wedding?.on ? (
        <span className="inline-flex items-center gap-2">
          <Diamond small hollow={wedding.status !== 'confirmed'} />
          <span>
            <time dateTime={wedding.on}>{tellDay(wedding.on)}</time>{' '}
            {wedding.zone && <Zone>{cityOf(wedding.zone)}</Zone>}
            {wedding.status === 'cancelled' && (
              <span className="block text-small text-muted-foreground">Cancelled</span>
            )}
          </span>
        </span>
      ) : (
        <span className="text-muted-foreground">No date yet</span>
      ),
  },
  { id: 'stage', head: 'Stage', width: '140px', cell: ({ stage }) => stageWord(stage) },
  {
    id: 'tags',
    head: 'Tags',
    width: '220px',
    cell: ({ tags }) =>
      tags.length > 0 ? (
        <span className="block max-w-[220px] truncate text-muted-foreground">
          {tags.map(tagWord).join(', ')}
        </span>
      ) : (
        <span className="text-muted-foreground">–</span>
      ),
  },
]
