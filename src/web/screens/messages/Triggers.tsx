import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { readClient } from '../../../contract/clients.ts'
import { listIncoming } from '../../../contract/incoming.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { LoadMore } from '../../../ui/LoadMore.tsx'
import { Eyebrow, Lede, LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, firstNames, inWords } from '../../times.ts'
import { type Happening, HappeningRow, useHappenings } from './happenings.tsx'
import { ReplyWords } from './ReplyWords.tsx'

const room = getRouteApi('/house/messages/triggers')
const PAGE = 30

/** What happened, which journeys it started, whom it woke, and why the others did not begin. */
export function Triggers() {
  const { vendor } = useHere()
  const { client, type } = room.useSearch()
  const navigate = useNavigate({ from: '/messages/triggers' })
  const query = { ...(client && { client }), ...(type && { type }) }
  const history = useHappenings(query, PAGE)
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const addresses = useQuery(asks(listIncoming, { params: { vendor } }))
  const couple = useQuery({
    ...asks(readClient, { params: { vendor, client: client ?? '' } }),
    enabled: client !== undefined,
  })
  const nameOf = useMemo(() => {
    const names = new Map(
      journeys.data?.data.items.flatMap(
        (one) =>
          [
            [one.id, one.name],
            [one.key, one.name],
          ] as const,
      ),
    )
    return (journey: string): string => names.get(journey) ?? 'A journey'
  }, [journeys.data])
  const whence = (source: string): string => {
    // What was done here in the app needs no saying.
    if (source.startsWith('api:') || source === 'app') return ''
    if (source === 'sample') return 'as the sample tells it'
    if (!source.startsWith(BY_ADDRESS)) return `from ${plain(source)}`
    const address = addresses.data?.data.items.find(({ id }) => `${BY_ADDRESS}${id}` === source)
    return address ? `by the address “${address.name}”` : 'by another system'
  }
  const items = history.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <Eyebrow>
        <Link to="/messages" className="rounded-xs hover:underline">
          Messages
        </Link>{' '}
        · What started what
      </Eyebrow>
      <Lede>
        {client
          ? `What happened with ${couple.data ? couple.data.data.name : 'them'}, and what came of it.`
          : 'What happened, and what came of it.'}
      </Lede>
      {(client || type) && (
        <div className="mt-3">
          <Button size="sm" onClick={() => void navigate({ search: {} })}>
            Of everybody
          </Button>
        </div>
      )}
      <div className="mt-4 max-w-[860px]">
        <Answer of={history} lines={8}>
          {() =>
            items.length === 0 ? (
              <EmptyState title="Nothing has happened here yet">
                A form that is filled in, a payment, a changed date, a tag: whatever could begin a journey
                stands here, with the journeys it began and the reason why the others did not.
              </EmptyState>
            ) : (
              <>
                <ol>
                  {items.map((one) => (
                    <One
                      key={one.id}
                      of={one}
                      nameOf={nameOf}
                      whence={whence(one.source)}
                      withNames={client === undefined}
                    />
                  ))}
                </ol>
                <LoadMore
                  shown={items.length}
                  total={null}
                  noun={items.length === 1 ? 'happening' : 'happenings'}
                  busy={history.isFetchingNextPage}
                  onMore={history.hasNextPage ? () => void history.fetchNextPage() : null}
                />
              </>
            )
          }
        </Answer>
      </div>
    </>
  )
}

function One({
  of,
  nameOf,
  whence,
  withNames,
}: {
  readonly of: Happening
  readonly nameOf: (journey: string) => string
  readonly whence: string
  readonly withNames: boolean
}) {
  const facts = Object.entries(of.data).filter(([name]) => name !== 'message')
  return (
    <HappeningRow at={of.at}>
      <p>
        <Link
          to="/messages/triggers"
          search={{ type: of.type }}
          className="rounded-xs font-strong hover:underline"
        >
          {capital(of.type.replaceAll('_', ' '))}
        </Link>
        {withNames && of.client && (
          <>
            {' '}
            <Link to="/messages/triggers" search={{ client: of.client }} className={LINK}>
              {firstNames(of.names ?? '')}
            </Link>
          </>
        )}{' '}
        <span className="text-small text-muted-foreground">{whence}</span>
      </p>
      {facts.length > 0 && (
        <p className="truncate text-small text-muted-foreground">
          {facts.map(([name, value]) => `${capital(plain(name))}: ${plain(String(value))}`).join(' · ')}
        </p>
      )}
      {WITH_WORDS.has(of.type) && of.personal && <ReplyWords of={of.id} data={of.data} />}
      <ul className="mt-1 grid gap-0.5">
        {of.started.map((one) => (
          <li key={one.run}>
            Started <span className="font-strong">{nameOf(one.journey)}</span>
          </li>
        ))}
        {of.woken.length > 0 && (
          <li>
            {of.woken.length === 1
              ? 'A journey had waited for this, and goes on'
              : `${capital(inWords(of.woken.length))} journeys had waited for this, and go on`}
          </li>
        )}
        {of.not.map((one) => (
          <li key={one.journey} className="text-muted-foreground">
            Not “{nameOf(one.journey)}”: {one.why.replace(/"([^"]*)"/g, '“$1”')}
          </li>
        ))}
        {of.started.length + of.woken.length + of.not.length === 0 && (
          <li className="text-muted-foreground">No journey begins with this.</li>
        )}
      </ul>
    </HappeningRow>
  )
}

/** What somebody, or a mail server, wrote. */
const WITH_WORDS = new Set(['reply_received', 'auto_reply_received', 'message_bounced', 'message_delayed'])

/** As the house writes down where an event came from. */
const BY_ADDRESS = 'in:'

const plain = (word: string): string => word.replaceAll('_', ' ')
