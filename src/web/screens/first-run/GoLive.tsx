import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { readClient } from '../../../contract/clients.ts'
import { forecastJourney } from '../../../contract/foresight.ts'
import { listJourneys, readDraft, readJourney } from '../../../contract/journeys.ts'
import { publishJourney } from '../../../contract/publications.ts'
import { startRun } from '../../../contract/runs.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Dot } from '../../../ui/Thread.tsx'
import { Lede, LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, isRefused } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, tellSoon } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { isLate, tellFates } from '../clients/late.ts'
import { shortName } from '../clients/words.ts'

const room = getRouteApi('/house/begin/$step')
const LETTERS_SHOWN = 14

/** What they would get, once more with their own names, and the press that makes it true. */
export function GoLive() {
  const { journey, client } = room.useSearch()
  if (!journey)
    return (
      <div className="mt-5">
        <EmptyState
          title="No journey is chosen yet"
          action={
            <Button asChild look="primary">
              <Link to="/begin/$step" params={{ step: 'template' }} search={{}}>
                Choose one
              </Link>
            </Button>
          }
        />
      </div>
    )
  return <Journey journey={journey} client={client ?? null} />
}

function Journey({ journey, client }: { readonly journey: string; readonly client: string | null }) {
  const { vendor, may } = useHere()
  const params = { vendor, journey }
  const its = useQuery(asks(readJourney, { params }))
  const couple = useQuery({
    ...asks(readClient, { params: { vendor, client: client ?? '' } }),
    enabled: client !== null,
  })
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const [begun, setBegun] = useState(false)
  const names = couple.data ? shortName(couple.data.data) : null
  const live = its.data?.data.version != null
  const publish = () =>
    act(async () => {
      if (!live) {
        const draft = await api(readDraft, { params })
        const key = keyOf({ publish: params })
        await api(publishJourney, { params, body: {}, ifMatch: draft.etag ?? '*', key })
      }
      if (client !== null) await begin(vendor, client, journey)
      setBegun(client !== null)
      await askAgain(readJourney, listJourneys)
    })
  if (live && (begun || client === null)) return <Live journey={journey} client={client} names={names} />
  return (
    <Answer of={its}>
      {({ data: { name } }) => (
        <>
          <Lede>
            {names ? (
              <>
                This is what <b>{names}</b> would get from “{name}”.
              </>
            ) : (
              <>
                “{name}” begins by itself <b>for whoever comes next</b>.
              </>
            )}
          </Lede>
          <div className="mt-5 grid max-w-[620px] gap-5">
            {client && <Foreseen journey={journey} client={client} names={names} />}
            {may(publishJourney) ? (
              <div className="flex flex-wrap items-center gap-4">
                <Button look="primary" size="touch" icon={Play} busy={busy} onClick={publish}>
                  {names ? `Make it live for ${names}` : 'Make it live'}
                </Button>
                <Link to="/journeys/$journeyId" params={{ journeyId: journey }} className={LINK}>
                  Read and change every word first
                </Link>
              </div>
            ) : (
              <Banner kind="info" title="An owner or manager makes a journey live" />
            )}
            <p className="text-small text-muted-foreground">
              You can pause or stop it at any time, for one couple or for all. Until sending is switched on
              for this installation, every message lands in the{' '}
              <a href="/mailbox" className={LINK}>
                captured mailbox
              </a>{' '}
              and nobody else sees it.
            </p>
          </div>
        </>
      )}
    </Answer>
  )
}

/** A journey that begins by a date has begun for them with its publication. */
async function begin(vendor: string, client: string, journey: string): Promise<void> {
  try {
    await api(startRun, { params: { vendor, client }, body: { journey } })
  } catch (error) {
    if (!isRefused(error, 'conflict')) throw error
  }
}

function Foreseen({
  journey,
  client,
  names,
}: {
  readonly journey: string
  readonly client: string
  readonly names: string | null
}) {
  const { vendor } = useHere()
  const forecast = useQuery(
    asks(forecastJourney, { params: { vendor, journey }, body: { couple: { client }, behaviour: 'always' } }),
  )
  return (
    <Answer of={forecast} lines={6}>
      {({ data: { steps, zone } }) => {
        const letters = steps.filter((one) => one.kind === 'module' && one.what === 'send')
        if (letters.length === 0)
          return <p className="text-muted-foreground">Nothing goes out before a task of yours is done.</p>
        return (
          <div>
            {isLate(steps) && <p className="mb-3 text-pretty">{tellFates(steps, names ?? 'They')}</p>}
            <ol aria-label="What they would get" className="text-ui">
              {letters.slice(0, LETTERS_SHOWN).map((one, index) => (
                <li
                  // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice; the list never changes its order.
                  key={index}
                  className="grid grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-3 py-1"
                >
                  <Dot of="planned" />
                  <span className="font-medium">{one.name}</span>
                  <span className="text-small text-muted-foreground">
                    {one.at && <time dateTime={one.at}>{tellSoon(one.at, zone)}</time>}
                  </span>
                </li>
              ))}
            </ol>
            <p className="mt-1 text-small text-muted-foreground">
              {letters.length > LETTERS_SHOWN && `And ${letters.length - LETTERS_SHOWN} more. `}
              Times in {cityOf(zone)}, if they answer.
            </p>
          </div>
        )
      }}
    </Answer>
  )
}

function Live({
  journey,
  client,
  names,
}: {
  readonly journey: string
  readonly client: string | null
  readonly names: string | null
}) {
  return (
    <>
      <Lede>
        <b>It is live.</b> {names ? `${names} are on their way` : 'It begins for whoever comes next'}, and you
        can see every step of it.
      </Lede>
      {client && (
        <div className="mt-5 max-w-[620px]">
          <Foreseen journey={journey} client={client} names={names} />
        </div>
      )}
      <div className="mt-5 flex flex-wrap gap-3">
        {client && (
          <Button asChild look="primary" size="touch">
            <Link to="/clients/$clientId" params={{ clientId: client }}>
              See {names ?? 'them'}
            </Link>
          </Button>
        )}
        <Button asChild size="touch">
          <Link to="/journeys/$journeyId" params={{ journeyId: journey }}>
            Open the journey
          </Link>
        </Button>
        <Button asChild size="touch">
          <Link to="/begin/$step" params={{ step: 'template' }} search={{}}>
            Take another template
          </Link>
        </Button>
      </div>
    </>
  )
}
