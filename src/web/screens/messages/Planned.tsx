import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readOutlook } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { tellDay } from '../../../ui/month.ts'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, dayIn, firstNames, tellSoon } from '../../times.ts'

type Item = Seen<typeof readOutlook>['data']['items'][number]
const DAYS = 7

/** What will go out in the coming week, as it stands now: nothing of it is written yet. */
export function Planned({
  search,
  client,
  on,
  onEveryDay,
}: {
  readonly search: string | undefined
  readonly client: string | undefined
  /** One day of them, by the calendar of the business. */
  readonly on: string | undefined
  readonly onEveryDay: () => void
}) {
  const { vendor } = useHere()
  const ahead = useQuery(asks(readOutlook, { params: { vendor }, query: { days: DAYS } }))
  return (
    <Answer of={ahead} lines={6}>
      {({ data }) => {
        const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
        const rows = data.items.filter(
          (one) =>
            one.is === 'planned' &&
            one.what !== 'task' &&
            (on === undefined || dayIn(new Date(one.at), data.zone) === on) &&
            (client === undefined || one.client === client) &&
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
              columns={COLUMNS}
              rows={rows}
              rowKey={(one) => `${one.run} ${one.node} ${one.at}`}
              rowName={({ names, name }) => `${names}: ${name}`}
              below={(one) => `${tellSoon(one.at, one.zone)} ${cityOf(one.zone)} · ${one.name}`}
            />
          </>
        )
      }}
    </Answer>
  )
}

const COLUMNS: readonly Column<Item>[] = [
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
    width: '200px',
    cell: ({ at, zone }) => (
      <time dateTime={at}>
        {tellSoon(at, zone)} <Zone>{cityOf(zone)}</Zone>
      </time>
    ),
  },
  {
    id: 'state',
    head: 'State',
    width: '150px',
    onPhone: true,
    cell: ({ what }) => <StatusWord of={what === 'approval' ? 'approval' : 'planned'} />,
  },
]
