import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listJourneys } from '../../../contract/journeys.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, inWords } from '../../times.ts'

const room = getRouteApi('/house/journeys')
type Journey = Seen<typeof listJourneys>['data']['items'][number]

const SHOWN = ['all', 'active', 'draft', 'paused', 'archived'] as const
/** The runs of a journey that are on their way. */
const TRAVELLING = ['active', 'waiting', 'paused'] as const

const travelling = ({ runs }: Journey): number =>
  TRAVELLING.reduce((sum, status) => sum + (runs[status] ?? 0), 0)

/** The conversations one has automated, with who travels each. */
export function Journeys() {
  const { vendor } = useHere()
  const { status } = room.useSearch()
  const navigate = useNavigate({ from: '/journeys' })
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const all = journeys.data?.data.items
  const shown = SHOWN.find((one) => one === status) ?? 'all'
  const rows = all?.filter((one) => shown === 'all' || one.status === shown) ?? []
  return (
    <>
      <Eyebrow>Journeys</Eyebrow>
      <Lede>{all ? lede(all) : 'The conversations you have automated, and who is on them.'}</Lede>
      <div className="mt-4">
        <Answer of={journeys}>
          {() =>
            all?.length === 0 ? (
              <Empty />
            ) : (
              <>
                <div className="mb-3 max-w-full overflow-x-auto">
                  <Segmented
                    label="Which journeys"
                    value={shown}
                    segments={SHOWN.map((value) => ({ value, label: capital(value) }))}
                    onChange={(next) =>
                      void navigate({ search: next === 'all' ? {} : { status: next }, replace: true })
                    }
                  />
                </div>
                {rows.length === 0 ? (
                  <EmptyState title={`No journey is ${shown}`} />
                ) : (
                  <Table
                    label="Journeys"
                    columns={COLUMNS}
                    rows={rows}
                    rowKey={({ id }) => id}
                    rowName={({ name }) => name}
                    below={(one) => `${capital(one.status)}, ${inWords(travelling(one))} on their way`}
                  />
                )}
              </>
            )
          }
        </Answer>
      </div>
    </>
  )
}

function lede(all: readonly Journey[]): ReactNode {
  if (all.length === 0) return 'No conversation is automated yet.'
  const active = all.filter((one) => one.status === 'active').length
  const couples = all.reduce((sum, one) => sum + travelling(one), 0)
  return `${capital(inWords(active))} ${active === 1 ? 'journey is' : 'journeys are'} active; ${inWords(couples)} ${couples === 1 ? 'couple is' : 'couples are'} on their way.`
}

const Empty = () => (
  <EmptyState title="The first journey goes here">
    <p>
      Journeys are drawn, checked and published on the command line until the designer stands here. A finished
      one to begin with:
      <code className="mx-auto mt-1 block w-fit rounded-xs bg-sunken px-1.5 py-0.5 font-mono text-small text-foreground [overflow-wrap:anywhere]">
        npx wedsync journey check journey.json
      </code>
    </p>
  </EmptyState>
)

const COLUMNS: readonly Column<Journey>[] = [
  { id: 'name', head: 'Journey', cell: ({ name }) => name },
  {
    id: 'status',
    head: 'State',
    width: '120px',
    cell: ({ status }) => <StatusWord of={status} />,
  },
  { id: 'category', head: 'Category', width: '160px', cell: ({ category }) => category || '–' },
  {
    id: 'trigger',
    head: 'Begins with',
    width: '180px',
    cell: ({ trigger }) => (trigger ? capital(trigger.replaceAll('_', ' ')) : '–'),
  },
  {
    id: 'version',
    head: 'Version',
    width: '80px',
    align: 'end',
    cell: ({ version }) => version ?? '–',
  },
  {
    id: 'runs',
    head: 'On their way',
    width: '110px',
    align: 'end',
    onPhone: true,
    cell: (one) => travelling(one).toLocaleString(),
  },
  {
    id: 'completed',
    head: 'Arrived',
    width: '90px',
    align: 'end',
    cell: ({ runs }) => (runs.completed ?? 0).toLocaleString(),
  },
]
