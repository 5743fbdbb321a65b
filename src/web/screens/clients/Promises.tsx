import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import type { ReactNode } from 'react'
import { type ClientDocument, readClient } from '../../../contract/clients.ts'
import { clientPromises } from '../../../contract/promises.ts'
import { startRun } from '../../../contract/runs.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import type { Status } from '../../../ui/status.ts'
import { DOOR, Eyebrow, Lede, LINK, Section, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf, dayIn, inWords, tellTime } from '../../times.ts'
import { stepIcon, tellWhen } from '../foresight/steps.ts'
import { lateWords, onTime, otherwise, overIn, type PromiseRow, type Promises } from './promised.ts'
import { shortName } from './words.ts'

const room = getRouteApi('/house/clients/$clientId/promises')

/** What the journeys promised one couple and what came of it: the exceptions first, each with its reason. */
export function PromiseReport() {
  const { clientId } = room.useParams()
  const { vendor } = useHere()
  const of = { params: { vendor, client: clientId } }
  const couple = useQuery(asks(readClient, of))
  const told = useQuery(asks(clientPromises, of))
  const client = couple.data?.data
  const promises = told.data?.data
  return (
    <>
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <Eyebrow>
            <Link to="/clients" className="rounded-xs hover:underline">
              Clients
            </Link>{' '}
            ·{' '}
            <Link to="/clients/$clientId" params={{ clientId }} className="rounded-xs hover:underline">
              {client?.name ?? 'One couple'}
            </Link>
          </Eyebrow>
          <Lede>{client && promises ? <Stands of={promises} client={client} /> : 'What was promised.'}</Lede>
        </div>
        {promises && overIn(promises.counts) > 0 && (
          <div className="mt-3 max-md:hidden print:hidden">
            <Button icon={Printer} onClick={() => window.print()}>
              Print
            </Button>
          </div>
        )}
      </div>
      <Answer of={couple}>
        {({ data }) => (
          <Answer of={told} lines={8}>
            {(answer) => <Report client={data} promises={answer.data} />}
          </Answer>
        )}
      </Answer>
    </>
  )
}

/** "41 of 43 promises came on time. One came late, one was left out." */
function Stands({ of: { counts }, client }: { readonly of: Promises; readonly client: ClientDocument }) {
  if (overIn(counts) === 0)
    return counts.ahead === 0 ? (
      <>Nothing has been promised to {shortName(client)} yet.</>
    ) : (
      <>Nothing that was promised to {shortName(client)} was due yet.</>
    )
  const rest = otherwise(counts)
  return (
    <>
      {counts.kept > 0 ? (
        <a href="#on-time" className={DOOR}>
          {onTime(counts).slice(0, -1)}
        </a>
      ) : (
        onTime(counts).slice(0, -1)
      )}
      .
      {rest && (
        <>
          {' '}
          <a href="#otherwise" className={DOOR}>
            {rest.slice(0, -1)}
          </a>
          .
        </>
      )}
    </>
  )
}

function Report({ client, promises }: { readonly client: ClientDocument; readonly promises: Promises }) {
  const { counts, items, journeys } = promises
  const kept = items.filter(({ verdict }) => verdict === 'kept')
  const exceptions = items.filter(({ verdict }) => verdict !== 'kept')
  if (items.length === 0 && counts.ahead === 0) return <NothingYet client={client} begun={journeys > 0} />
  return (
    <>
      <Ahead client={client} ahead={counts.ahead} />
      <div className="mt-6 grid max-w-[860px] grid-cols-[minmax(0,1fr)] gap-7">
        {exceptions.length > 0 && (
          <div id="otherwise" className="scroll-mt-16">
            <Section title="Not as promised">
              <ul>
                {exceptions.map((one) => (
                  <Exception key={keyOf(one)} row={one} />
                ))}
              </ul>
            </Section>
          </div>
        )}
        {kept.length > 0 && (
          <div id="on-time" className="scroll-mt-16">
            <Section title="On time">
              {[...Map.groupBy(kept, ({ journey }) => journey)].map(([journey, rows]) => (
                <div key={journey} className="pt-2 pb-3">
                  <h3 className="text-micro font-strong tracking-eyebrow text-muted-foreground uppercase">
                    {journey}
                  </h3>
                  <ul>
                    {rows.map((one) => (
                      <Kept key={keyOf(one)} row={one} />
                    ))}
                  </ul>
                </div>
              ))}
            </Section>
          </div>
        )}
      </div>
    </>
  )
}

const keyOf = ({ run, node, visit }: PromiseRow): string => `${run} ${node} ${visit}`

function Ahead({ client, ahead }: { readonly client: ClientDocument; readonly ahead: number }) {
  return (
    <p className="mt-2 text-muted-foreground">
      {ahead === 0 ? (
        'Nothing more is planned.'
      ) : (
        <>
          {capital(inWords(ahead))} more {ahead === 1 ? 'is' : 'are'} still ahead.{' '}
          <Link
            to="/clients/$clientId"
            params={{ clientId: client.id }}
            search={{ show: 'to_come' }}
            className={`${LINK} print:hidden`}
          >
            See what is to come
          </Link>
        </>
      )}
    </p>
  )
}

function NothingYet({ client, begun }: { readonly client: ClientDocument; readonly begun: boolean }) {
  const { may } = useHere()
  return (
    <div className="mt-5">
      <EmptyState
        title={begun ? 'Their journeys have told them nothing.' : 'Their journeys have not begun.'}
        action={
          may(startRun) && (
            <Button asChild look="primary">
              <Link to="/clients/$clientId/start" params={{ clientId: client.id }}>
                Put them on a journey
              </Link>
            </Button>
          )
        }
      >
        Each message and task of a journey is a promise with a moment. Once it is over it stands here: kept,
        late, left out or not delivered, and why.
      </EmptyState>
    </div>
  )
}

const SIGNS: { readonly [verdict in 'left_out' | 'not_delivered']: readonly [Status, string] } = {
  left_out: ['skipped', 'Left out'],
  not_delivered: ['failed', 'Did not arrive'],
}

function Exception({ row }: { readonly row: PromiseRow }) {
  const { verdict, lateMinutes, sentence, journey } = row
  return (
    <Row
      row={row}
      end={
        verdict === 'late' || verdict === 'kept' ? (
          <StatusWord of="risk">{lateWords(lateMinutes ?? 0)}</StatusWord>
        ) : (
          <StatusWord of={SIGNS[verdict][0]}>{SIGNS[verdict][1]}</StatusWord>
        )
      }
    >
      {sentence && <p className="max-w-[68ch] text-pretty">{sentence}</p>}
      <p className="text-small text-muted-foreground">
        {journey} · {momentsOf(row)} <Zone>{cityOf(row.zone)}</Zone>
      </p>
    </Row>
  )
}

/** "Promised for Thu 13 May 10:00, gone 12:01". */
function momentsOf({ promised, at, zone, verdict }: PromiseRow): string {
  if (promised === null) return `${verdict === 'left_out' ? 'left out' : 'tried'} ${tellWhen(at, zone)}`
  const moment = `promised for ${tellWhen(promised, zone)}`
  if (verdict !== 'late') return moment
  const isSameDay = dayIn(new Date(promised), zone) === dayIn(new Date(at), zone)
  return `${moment}, gone ${isSameDay ? tellTime(at, zone) : tellWhen(at, zone)}`
}

function Kept({ row }: { readonly row: PromiseRow }) {
  const { at, zone, sentence } = row
  return (
    <Row
      row={row}
      end={
        <time dateTime={at} className="text-muted-foreground">
          {tellWhen(at, zone)} {cityOf(zone)}
        </time>
      }
    >
      {sentence && <p className="max-w-[68ch] text-small text-muted-foreground text-pretty">{sentence}</p>}
    </Row>
  )
}

function Row({
  row: { name, kind, type, verdict },
  end,
  children,
}: {
  readonly row: PromiseRow
  readonly end: ReactNode
  readonly children: ReactNode
}) {
  return (
    <li className="flex break-inside-avoid gap-x-2.5 border-t border-border py-2 first:border-t-0">
      <Icon
        of={stepIcon(kind === 'task' ? 'action' : 'module', type)}
        size={16}
        className="mt-0.5 shrink-0 text-muted-foreground"
      />
      <div className="min-w-0 flex-1">
        <div className="gap-x-4 md:flex md:items-baseline md:justify-between print:flex print:justify-between">
          <span
            className={classNames(
              'min-w-0 [overflow-wrap:anywhere]',
              verdict === 'kept' ? 'font-book' : 'font-strong',
            )}
          >
            <span className="sr-only">{kind === 'task' ? 'Task: ' : ''}</span>
            {name}
          </span>
          <span className="shrink-0 max-md:block">{end}</span>
        </div>
        {children}
      </div>
    </li>
  )
}
