import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { listJourneys } from '../../../contract/journeys.ts'
import { editMessages, previewEdit } from '../../../contract/messages.ts'
import { readOutlook } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, dayIn, firstNames, tellSoon, today } from '../../times.ts'
import { JobProgress } from '../clients/JobProgress.tsx'
import { useBegun } from '../clients/useBegun.ts'
import { tellHeading, tellUnder } from './days.ts'
import { type Meant, Otherwise, type Said } from './Otherwise.tsx'

type Item = Seen<typeof readOutlook>['data']['items'][number]
const DAYS = 7

/** What will go out in the coming week, as it stands now: nothing of it is written yet. */
export function Planned({
  search,
  kind,
  journey,
  client,
  on,
  onEveryDay,
}: {
  readonly search: string | undefined
  readonly kind: string | undefined
  readonly journey: string | undefined
  readonly client: string | undefined
  /** One day of them, by the calendar of the business. */
  readonly on: string | undefined
  readonly onEveryDay: () => void
}) {
  const { vendor, may } = useHere()
  const ahead = useQuery(asks(readOutlook, { params: { vendor }, query: { days: DAYS } }))
  const journeys = useQuery({ ...asks(listJourneys, { params: { vendor } }), enabled: journey !== undefined })
  // What is ahead is told with the names of journeys.
  const name = journeys.data?.data.items.find(({ id }) => id === journey)?.name
  const maySay = may(editMessages) && may(previewEdit)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [said, setSaid] = useBegun('messages')
  // Only what is on the page: what was ticked before the filters changed is not meant.
  const meant = (rows: readonly Item[]): readonly Item[] => rows.filter((one) => chosen.has(keyOf(one)))
  const selectionOf = (rows: readonly Item[]) => ({
    has: (key: string) => chosen.has(key),
    size: meant(rows).length,
    toggle: (key: string) =>
      setChosen((now) => {
        const next = new Set(now)
        if (!next.delete(key)) next.add(key)
        return next
      }),
    all: (on: boolean) => setChosen(new Set(on ? rows.map(keyOf) : [])),
  })
  const say = (one: Said): void => {
    setSaid({ ...one, undoable: true })
    setChosen(new Set())
  }
  return (
    <>
      {said && (
        <JobProgress
          key={said.job}
          id={said.job}
          label={said.label}
          undoable={said.undoable}
          onUndo={(job) => setSaid({ job, label: 'Taking the words back', undoable: false })}
          onClose={() => setSaid(null)}
        />
      )}
      <Answer of={ahead} lines={6}>
        {({ data }) => {
          const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
          const rows = data.items.filter(
            (one) =>
              one.is === 'planned' &&
              one.what !== 'task' &&
              (on === undefined || dayIn(new Date(one.at), data.zone) === on) &&
              (client === undefined || one.client === client) &&
              (kind === undefined || one.module?.split('@')[0] === kind) &&
              (journey === undefined || one.journey === name) &&
              words.every((word) => `${one.names} ${one.name}`.toLowerCase().includes(word)),
          )
          const everyDay = on !== undefined && (
            <Button size="sm" onClick={onEveryDay}>
              All seven days
            </Button>
          )
          return rows.length === 0 ? (
            <EmptyState
              title={
                on === undefined
                  ? 'Nothing of this goes out within seven days'
                  : `Nothing of this goes out on ${tellDay(on)}`
              }
              action={everyDay}
            >
              What is planned further ahead stands with each couple.
            </EmptyState>
          ) : (
            <>
              <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-small text-muted-foreground">
                <p>
                  {data.toldUntil
                    ? `As it stands now, until ${tellSoon(data.toldUntil, data.zone)} ${cityOf(data.zone)}.`
                    : on === undefined
                      ? 'The coming seven days, as it stands now.'
                      : `On ${tellDay(on)}, as it stands now.`}
                </p>
                {everyDay}
              </div>
              <Table
                label="Planned messages"
                columns={columnsIn(data.zone)}
                rows={rows}
                rowKey={keyOf}
                rowName={({ names, name }) => `${names}: ${name}`}
                {...(maySay && {
                  selection: selectionOf(rows),
                  actions: <SayOtherwise rows={meant(rows)} onSaid={say} />,
                })}
                heading={(one) => tellHeading(dayIn(new Date(one.at), data.zone), today(data.zone))}
                below={(one) =>
                  [
                    `${tellUnder(one.at, one.zone, data.zone)} ${cityOf(one.zone)}`,
                    ...(one.what === 'approval' ? ['needs a yes'] : []),
                    one.name,
                  ].join(' · ')
                }
              />
            </>
          )
        }}
      </Answer>
    </>
  )
}

const keyOf = (one: Item): string => `${one.run} ${one.node} ${one.at}`

/** The messages that are ticked: of one kind at once, since they are to say the same. */
function SayOtherwise({
  rows,
  onSaid,
}: {
  readonly rows: readonly Item[]
  readonly onSaid: (said: Said) => void
}) {
  const [open, setOpen] = useState(false)
  const [key, setKey] = useState<string | null>(null)
  const kinds = [
    ...Map.groupBy(
      rows.filter(({ module }) => module !== null),
      ({ journey, node }) => `${journey} ${node}`,
    ),
  ].map(([key, [first, ...rest]]): Meant & { readonly says: string } => {
    const all = [first!, ...rest]
    return {
      key,
      name: first!.name,
      node: first!.node,
      says: `${first!.name}, ${first!.journey}: ${all.length.toLocaleString()}`,
      journey: null,
      which: { runs: all.map(({ run }) => run) },
      count: all.length,
      couples: all,
    }
  })
  const meant = kinds.find((one) => one.key === key) ?? kinds[0] ?? null
  return (
    <>
      <Button size="sm" look="primary" icon={Pencil} onClick={() => setOpen(true)}>
        Say it otherwise
      </Button>
      {open && (
        <Otherwise
          meant={meant}
          onSaid={(said) => {
            setOpen(false)
            onSaid(said)
          }}
          onClose={() => setOpen(false)}
        >
          {kinds.length > 1 ? (
            <Field label="Which of the messages you ticked">
              <Select
                value={meant?.key ?? ''}
                choices={kinds.map(({ key, says }) => ({ value: key, label: says }))}
                onChange={({ target }) => setKey(target.value)}
              />
            </Field>
          ) : kinds.length === 0 ? (
            <p className="text-muted-foreground">
              What you ticked asks somebody for a yes and says nothing of itself.
            </p>
          ) : null}
        </Otherwise>
      )}
    </>
  )
}

const columnsIn = (home: string): readonly Column<Item>[] => [
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
    width: '40%',
    cell: ({ name }) => <span className="block max-w-[440px] truncate">{name}</span>,
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
    cell: ({ what }) => <StatusWord of={what === 'approval' ? 'approval' : 'planned'} />,
  },
]
