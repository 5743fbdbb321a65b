import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Plus, Upload } from 'lucide-react'
import { type ReactNode, useEffect, useMemo } from 'react'
import { addJourney, listJourneys } from '../../../contract/journeys.ts'
import { readNumbers } from '../../../contract/numbers.ts'
import { journeyPulse } from '../../../contract/pulse.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Select } from '../../../ui/Select.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { DOOR, Eyebrow, Lede, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { capital, cityOf, hereZone, inWords, tellSoon } from '../../times.ts'
import { ImportFile } from './ImportFile.tsx'
import { JourneyMenu } from './JourneyMenu.tsx'
import { NewJourney } from './NewJourney.tsx'
import { Numbers } from './Numbers.tsx'
import { Arrived, Health, type Pulse, troubleOf } from './Pulse.tsx'

const room = getRouteApi('/house/journeys')
export type Journey = Seen<typeof listJourneys>['data']['items'][number]

const SHOWN = ['all', 'active', 'draft', 'paused', 'archived'] as const
const NO_CATEGORY = ''

/** The conversations one has automated, with who travels each. */
export function Journeys() {
  const { vendor, may } = useHere()
  const { status, category, add } = room.useSearch()
  const navigate = useNavigate({ from: '/journeys' })
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const all = journeys.data?.data.items
  const shown = SHOWN.find((one) => one === status) ?? 'all'
  const pulse = useQuery({ ...asks(journeyPulse, { params: { vendor } }), enabled: may(journeyPulse) })
  const pulses = pulse.data?.data.items ?? NO_PULSE
  const columns = useMemo(() => columnsWith(pulses), [pulses])
  const rows = (all ?? [])
    .filter(
      (one) =>
        // What is put away is looked for on purpose.
        (shown === 'all' ? one.status !== 'archived' : one.status === shown) &&
        (category === undefined || one.category === category),
    )
    // Those couples travel stand above those that rest, whatever they are called.
    .toSorted((a, b) => SHOWN.indexOf(a.status) - SHOWN.indexOf(b.status))
  const mayAdd = may(addJourney)
  const open = useMemo(
    () => (what: 'new' | 'file') => void navigate({ search: (now) => ({ ...now, add: what }) }),
    [navigate],
  )
  useOffer(useMemo(() => (mayAdd ? offers(open) : NONE), [mayAdd, open]))
  // Whoever looks at the list opens one of them next: the room's script is there by then.
  useEffect(() => whenIdle(() => void import('../designer/Designer.tsx').catch(() => undefined)), [])
  const close = () => void navigate({ search: ({ add: _, ...rest }) => rest, replace: true })
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          <Eyebrow>Journeys</Eyebrow>
          <Lede>
            {all
              ? lede(all, journeys.data?.data.couples ?? 0)
              : 'The conversations you have automated, and who is on them.'}
          </Lede>
        </div>
        {mayAdd && all && all.length > 0 && (
          <div className="flex gap-2">
            <Button icon={Upload} onClick={() => open('file')}>
              Import a file
            </Button>
            <Button look="primary" icon={Plus} onClick={() => open('new')}>
              New journey
            </Button>
          </div>
        )}
      </div>
      <div className="mt-4">
        <Answer of={journeys}>
          {({ data }) =>
            data.items.length === 0 ? (
              <Empty onAdd={mayAdd ? open : null} />
            ) : (
              <>
                <div className="mb-3 flex flex-wrap items-center gap-2">
                  <div className="max-w-full overflow-x-auto">
                    <Segmented
                      label="Which journeys"
                      value={shown}
                      segments={SHOWN.map((value) => ({ value, label: capital(value) }))}
                      onChange={(next) =>
                        void navigate({
                          search: ({ status: _, ...rest }) => ({
                            ...rest,
                            ...(next !== 'all' && { status: next }),
                          }),
                          replace: true,
                        })
                      }
                    />
                  </div>
                  {data.categories.length > 1 && (
                    <div className="w-[200px]">
                      <Select
                        aria-label="Category"
                        value={category ?? NO_CATEGORY}
                        choices={[
                          { value: NO_CATEGORY, label: 'Every category' },
                          ...data.categories.map((value) => ({
                            value,
                            label: capital(value.replaceAll('_', ' ')),
                          })),
                        ]}
                        onChange={(event) => {
                          const next = event.target.value
                          void navigate({
                            search: ({ category: _, ...rest }) => ({
                              ...rest,
                              ...(next !== NO_CATEGORY && { category: next }),
                            }),
                            replace: true,
                          })
                        }}
                      />
                    </div>
                  )}
                </div>
                {rows.length === 0 ? (
                  <EmptyState
                    title="No journey fits that"
                    action={
                      <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
                        Show all journeys
                      </Button>
                    }
                  />
                ) : (
                  <Table
                    label="Journeys"
                    columns={columns}
                    rows={rows}
                    rowKey={({ id }) => id}
                    rowName={({ name }) => name}
                    below={belowWith(pulses)}
                  />
                )}
                {may(readNumbers) && (
                  <div className="mt-10">
                    <Numbers />
                  </div>
                )}
              </>
            )
          }
        </Answer>
      </div>
      {mayAdd && add === 'new' && <NewJourney onClose={close} />}
      {mayAdd && add === 'file' && <ImportFile onClose={close} />}
    </>
  )
}

const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work)
  else setTimeout(work, 500)
}

const NONE: readonly Command[] = []
const NO_PULSE: readonly Pulse[] = []
const offers = (open: (what: 'new' | 'file') => void): readonly Command[] => [
  { id: 'new-journey', group: 'Here', label: 'New journey', icon: Plus, keys: ['N'], run: () => open('new') },
  {
    id: 'import-journey',
    group: 'Here',
    label: 'Import a journey from a file',
    icon: Upload,
    run: () => open('file'),
  },
]

function lede(all: readonly Journey[], couples: number): ReactNode {
  if (all.length === 0) return 'No conversation is automated yet.'
  const active = all.filter((one) => one.status === 'active').length
  return `${capital(inWords(active))} ${active === 1 ? 'journey is' : 'journeys are'} active; ${inWords(couples)} ${couples === 1 ? 'couple is' : 'couples are'} on their way.`
}

function Empty({ onAdd }: { readonly onAdd: ((what: 'new' | 'file') => void) | null }) {
  return (
    <EmptyState
      title="The first journey goes here"
      action={
        onAdd && (
          <>
            <Button look="primary" icon={Plus} onClick={() => onAdd('new')}>
              New journey
            </Button>
            <Button icon={Upload} onClick={() => onAdd('file')}>
              Import a file
            </Button>
          </>
        )
      }
    >
      <p>
        {onAdd
          ? 'A journey says what couples hear from you, and when: draw it, try it on one of your weddings, publish it. Nothing is sent before that.'
          : 'Your role sees journeys; an owner, manager or assistant draws them.'}
      </p>
    </EmptyState>
  )
}

/** Of all who began it and are no longer on it: how many arrived. */
const arrivedShare = ({ runs }: Journey): string => {
  const over = runs.completed + runs.failed + runs.cancelled
  return over === 0 ? '–' : `${Math.round((runs.completed / over) * 100)} %`
}

const nextSend = (one: Journey): ReactNode =>
  one.next === null ? (
    '–'
  ) : (
    <time dateTime={one.next} className="whitespace-nowrap">
      {capital(tellSoon(one.next, hereZone()))} <Zone>{cityOf(hereZone())}</Zone>
    </time>
  )

/** On a phone: how it stands, or what is wrong on it, and what comes. */
const belowWith =
  (pulses: readonly Pulse[]) =>
  (one: Journey): ReactNode => {
    const trouble = troubleOf(
      one.status,
      pulses.find(({ journey }) => journey === one.id),
    )
    return (
      <>
        {trouble ? <span className="font-medium text-warning-text">{trouble}</span> : capital(one.status)}
        {`, ${tellComing(one, trouble === null)}`}
      </>
    )
  }

/** A line of a phone has no room for the next moment beside what is wrong. */
const tellComing = (one: Journey, withNext: boolean): string =>
  [
    one.runs.onIt === 0 ? 'nobody on it' : `${one.runs.onIt.toLocaleString()} on it`,
    withNext && one.next && `next ${tellSoon(one.next, hereZone())} ${cityOf(hereZone())}`,
  ]
    .filter(Boolean)
    .join(', ')

/** The same with how each is doing, as soon as that is known. */
function columnsWith(pulses: readonly Pulse[]): readonly Column<Journey>[] {
  const byJourney = new Map(pulses.map((one) => [one.journey, one]))
  const cells: { readonly [id: string]: (one: Journey) => ReactNode } = {
    status: ({ id, status }) => <Health status={status} pulse={byJourney.get(id)} />,
    arrived: (one) => (
      <Arrived weeks={byJourney.get(one.id)?.arrived ?? []} ever={one.runs.completed}>
        {arrivedShare(one)}
      </Arrived>
    ),
  }
  return COLUMNS.map((column) => ({ ...column, cell: cells[column.id] ?? column.cell }))
}

const COLUMNS: readonly Column<Journey>[] = [
  {
    id: 'name',
    head: 'Journey',
    cell: ({ id, name, hasDraft, version }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <Link
          to="/journeys/$journeyId"
          params={{ journeyId: id }}
          className="min-w-0 truncate rounded-xs font-strong hover:underline hover:underline-offset-[3px]"
        >
          {name}
        </Link>
        {hasDraft && version !== null && (
          <span className="shrink-0 text-small text-muted-foreground">with a draft</span>
        )}
      </span>
    ),
  },
  {
    id: 'status',
    head: 'State and health',
    width: '140px',
    cell: ({ status }) => <StatusWord of={status} />,
  },
  {
    id: 'category',
    head: 'Category',
    width: '130px',
    cell: ({ category }) => capital(category.replaceAll('_', ' ')) || '–',
  },
  {
    id: 'runs',
    head: 'On their way',
    width: '104px',
    align: 'end',
    cell: ({ id, runs }) =>
      runs.onIt === 0 ? (
        '0'
      ) : (
        <Link to="/journeys/$journeyId" params={{ journeyId: id }} search={{ mode: 'live' }} className={DOOR}>
          {runs.onIt.toLocaleString()}
        </Link>
      ),
  },
  {
    id: 'waiting',
    head: 'Waiting',
    width: '80px',
    align: 'end',
    cell: ({ runs }) => runs.waiting.toLocaleString(),
  },
  { id: 'next', head: 'Next step', width: '200px', cell: nextSend },
  {
    id: 'arrived',
    head: 'Came to the end',
    width: '144px',
    align: 'end',
    cell: (one) => arrivedShare(one),
  },
  {
    id: 'more',
    head: 'More',
    quiet: true,
    width: '48px',
    align: 'end',
    onPhone: true,
    cell: (one) => <JourneyMenu journey={one} />,
  },
]
