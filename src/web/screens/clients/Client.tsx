import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { CalendarDays, CircleMinus, MessageCircle, Pencil, Route } from 'lucide-react'
import { Fragment, type ReactNode, useState } from 'react'
import {
  type ClientDocument,
  changeClient,
  listClients,
  readClient,
  removeClient,
  type WholeClient,
} from '../../../contract/clients.ts'
import { tellEvent } from '../../../contract/events.ts'
import { editMessages, previewEdit } from '../../../contract/messages.ts'
import { clientPromises } from '../../../contract/promises.ts'
import { clientTimeline, startRun } from '../../../contract/runs.ts'
import { changeWedding } from '../../../contract/weddings.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { StatusPill } from '../../../ui/StatusPill.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Eyebrow, Lede, LINK, Section, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey } from '../../api.ts'
import { holdBack } from '../../held-back.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { type Act, useActs } from '../../shell/commands.ts'
import { capital, cityOf, dayIn, fromTodayWords, hereZone, inWords, today } from '../../times.ts'
import { counted, isNoticed, tellWhere } from '../foresight/steps.ts'
import { ClientTimeline, type Timeline } from './ClientTimeline.tsx'
import { OwnFacts } from './OwnFacts.tsx'
import { People } from './People.tsx'
import { overIn, wereKept } from './promised.ts'
import { Replies } from './Replies.tsx'
import { isLive, RunsOfCouple } from './RunsOfCouple.tsx'
import { SomethingHappened } from './SomethingHappened.tsx'
import { Tags } from './Tags.tsx'
import { useTraits } from './useTraits.ts'
import { MovedLately, RightNow, WeddingFacts } from './WeddingFacts.tsx'
import { DATE_STATUS, goneId, partnersOf, shortName, stageChoices, stageWord } from './words.ts'

const room = getRouteApi('/house/clients/$clientId')

export function Client() {
  const { clientId } = room.useParams()
  const { vendor } = useHere()
  const couple = useQuery(asks(readClient, { params: { vendor, client: clientId } }))
  if (couple.data) return <Couple client={couple.data.data} />
  if (isNotHere(couple.error)) return <NotHere noun="couple" />
  return (
    <>
      <Back />
      <Lede>One couple</Lede>
      <div className="mt-4">
        <Answer of={couple}>{() => null}</Answer>
      </div>
    </>
  )
}

const Back = ({ children }: { readonly children?: ReactNode }) => (
  <Eyebrow>
    <Link to="/clients" className="rounded-xs hover:underline">
      Clients
    </Link>
    {children && <> · {children}</>}
  </Eyebrow>
)

function Couple({ client }: { readonly client: WholeClient }) {
  const { wedding } = client
  const on = wedding?.on ?? null
  return (
    <>
      <Back>
        {wedding?.status === 'cancelled'
          ? 'Wedding cancelled'
          : on
            ? `Wedding ${fromTodayWords(on, today(wedding?.zone ?? hereZone()))}`
            : 'Wedding without a date yet'}
      </Back>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1">
          <Names client={client} />
        </div>
        <HeadActions client={client} />
      </div>
      {wedding && (
        <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="inline-flex items-center gap-2">
            <Diamond small hollow={wedding.status !== 'confirmed'} />
            <span>
              {on ? (
                <time dateTime={on} className="font-strong">
                  {tellDay(on)}
                </time>
              ) : (
                'No date yet'
              )}{' '}
              {wedding.zone && <Zone>{cityOf(wedding.zone)}</Zone>}
            </span>
          </span>
          <DateStatus status={wedding.status} />
          {wedding.guests !== null && <span>{counted(wedding.guests, 'guest')}</span>}
        </p>
      )}
      {wedding && <MovedLately wedding={wedding.id} />}
      <Story client={client} />
    </>
  )
}

function Story({ client }: { readonly client: WholeClient }) {
  const { vendor } = useHere()
  const told = useQuery(asks(clientTimeline, { params: { vendor, client: client.id } }))
  const timeline = told.data?.data
  return (
    <div className="mt-5 grid content-start gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_320px]">
      <section aria-label="What they hear" className="min-w-0">
        <Answer of={told} lines={8}>
          {({ data }) =>
            data.items.length === 0 && data.runs.length === 0 ? (
              <NoJourney client={client} />
            ) : (
              <>
                <p className="mb-2 max-w-[680px] font-display text-h3 leading-7 tracking-display text-pretty md:text-[20px]">
                  <Next timeline={data} isOff={client.wedding?.status === 'cancelled'} />
                </p>
                {isOver(client) && <KeptToThem client={client} />}
                <ClientTimeline client={client} timeline={data} />
              </>
            )
          }
        </Answer>
      </section>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-5">
        <RightNow client={client} />
        <Replies client={client.id} />
        {timeline && <RunsOfCouple client={client} runs={timeline.runs} />}
        {client.wedding && <WeddingFacts client={client} wedding={client.wedding.id} />}
        <People client={client} />
        <OwnFacts client={client} />
        <Standing client={client} />
      </div>
    </div>
  )
}

/** What one comes here for. On a phone it stands where the thumb is. */
function HeadActions({ client }: { readonly client: ClientDocument }) {
  const { may } = useHere()
  const [telling, setTelling] = useState(false)
  const mayMove = client.wedding !== null && may(changeWedding)
  const mayTell = may(tellEvent)
  const move = client.wedding?.on ? 'Move the date' : 'Set the date'
  const go = useNavigate()
  const params = { clientId: client.id }
  const offered: readonly (Act | false)[] = [
    mayMove && {
      label: move,
      icon: CalendarDays,
      keys: ['M'],
      also: ['wedding', 'postpone', 'hold', 'cancel'],
      run: () => void go({ to: '/clients/$clientId/move', params }),
    },
    may(startRun) && {
      label: 'Put them on a journey',
      icon: Route,
      also: ['start', 'begin'],
      run: () => void go({ to: '/clients/$clientId/start', params }),
    },
    mayTell && {
      label: 'Something happened',
      icon: MessageCircle,
      also: ['payment', 'paid', 'signed', 'booked', 'call', 'event'],
      run: () => setTelling(true),
    },
    may(editMessages) &&
      may(previewEdit) && {
        label: 'Say a message otherwise',
        icon: Pencil,
        also: ['edit', 'words', 'planned'],
        run: () => void go({ to: '/messages', search: { is: 'planned', client: client.id } }),
      },
  ]
  useActs(offered.filter((one) => one !== false))
  if (!mayMove && !mayTell) return null
  return (
    <div
      data-foot="phone"
      className="max-md:fixed max-md:inset-x-0 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:z-[var(--z-sticky)] max-md:border-t max-md:border-border max-md:bg-background max-md:px-5 max-md:py-2 max-md:[&>*]:h-11 max-md:[&>*]:flex-1 flex gap-2 md:mt-3"
    >
      {mayTell && <Button onClick={() => setTelling(true)}>Something happened</Button>}
      {mayMove && (
        <Button asChild look="primary">
          <Link to="/clients/$clientId/move" params={{ clientId: client.id }}>
            <Icon of={CalendarDays} />
            {move}
          </Link>
        </Button>
      )}
      {telling && <SomethingHappened client={client} onClose={() => setTelling(false)} />}
    </div>
  )
}

function NoJourney({ client }: { readonly client: ClientDocument }) {
  const { may } = useHere()
  return (
    <EmptyState
      title={`${shortName(client)} hear nothing from you by themselves.`}
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
      On a journey, everything they will get stands here on one thread, with its moment and its reason, before
      any of it happens.
    </EmptyState>
  )
}

const isOver = ({ wedding }: ClientDocument): boolean =>
  wedding !== null && wedding.on !== null && wedding.on < today(wedding.zone ?? hereZone())

/** Their day is over: how much of what was promised was kept, and the way to the whole of it. */
function KeptToThem({ client }: { readonly client: ClientDocument }) {
  const { vendor } = useHere()
  const told = useQuery(asks(clientPromises, { params: { vendor, client: client.id } }))
  const counts = told.data?.data.counts
  if (!counts || overIn(counts) === 0) return null
  return (
    <p className="mb-2 text-muted-foreground">
      {wereKept(counts)}{' '}
      <Link to="/clients/$clientId/promises" params={{ clientId: client.id }} className={LINK}>
        See the report
      </Link>
    </p>
  )
}

/** "They hear from you next on …", or why they do not. */
function Next({ timeline, isOff }: { readonly timeline: Timeline; readonly isOff: boolean }) {
  const live = timeline.runs.filter(isLive)
  const coming = timeline.items.filter((row) => row.side === 'planned' && isNoticed(row.kind))
  const next = coming.find((row) => row.at !== null && row.kind === 'module')
  if (live.length === 0) return <>Their journeys are over; nothing more is planned.</>
  if (live.every((run) => run.status === 'paused'))
    return (
      <>
        {isOff ? (
          <>
            <b className="font-strong">Cancelled:</b> nothing reaches them any more.
          </>
        ) : (
          <>
            <b className="font-strong">Paused:</b> nothing reaches them until it goes on.
          </>
        )}
      </>
    )
  if (!next?.at) return <>Nothing has a moment yet: {coming[0]?.sentence ?? 'they wait.'}</>
  const more = coming.filter(({ kind }) => kind !== 'await').length - 1
  return (
    <>
      They hear from you next on <b className="font-strong">{tellWhere(next.at, next.zone)}</b>: {next.name}
      {/[.?!]$/.test(next.name) ? ' ' : '. '}
      {more > 0 && `${capital(inWords(more))} more ${more === 1 ? 'step follows' : 'steps follow'}.`}
    </>
  )
}

function Names({ client }: { readonly client: ClientDocument }) {
  const partners = partnersOf(client)
  return (
    <h1
      tabIndex={-1}
      className="mt-1 font-display text-h1 tracking-display text-balance [overflow-wrap:anywhere] md:text-title"
      aria-label={client.name}
    >
      {partners.length > 0
        ? partners.map((name, index) => (
            <Fragment key={name}>
              {index > 0 && <i className="font-normal text-muted-foreground"> & </i>}
              {name}
            </Fragment>
          ))
        : client.name}
    </h1>
  )
}

function DateStatus({ status }: { readonly status: string }) {
  const known = DATE_STATUS[status]
  return known ? <StatusPill of={known.pill}>{known.word}</StatusPill> : null
}

/** Out of the book as if they had never come; the server says why when they must stay. */
function CameByMistake({ client }: { readonly client: ClientDocument }) {
  const { vendor } = useHere()
  const go = useNavigate()
  const told = useQuery(asks(clientTimeline, { params: { vendor, client: client.id } }))
  // The server decides; what it would refuse for certain is not offered.
  const mayGo = !told.data?.data.items.some(({ messages }) => messages.length > 0)
  const takeOut = () => {
    const key = newKey()
    holdBack({
      ids: [goneId(client.id)],
      says: `${shortName(client)} are out of your book`,
      does: async () => {
        await api(removeClient, { params: { vendor, client: client.id }, key })
        await askAgain(listClients)
      },
    })
    void go({ to: '/clients', search: {} })
  }
  useActs(
    mayGo
      ? [
          {
            label: 'Take them out of the book again',
            icon: CircleMinus,
            also: ['remove', 'delete', 'mistake'],
            run: takeOut,
          },
        ]
      : [],
  )
  if (!mayGo) return null
  return (
    <p className="text-small text-muted-foreground">
      They came by mistake?{' '}
      <button type="button" className={LINK} onClick={takeOut}>
        Take them out again
      </button>
      , as long as nothing has been sent to them.
    </p>
  )
}

/** What the vendor decides about them. Whoever may not, reads it. */
function Standing({ client }: { readonly client: ClientDocument }) {
  const { may } = useHere()
  const change = useTraits(client.id)
  const mayChange = may(changeClient)
  const who = shortName(client)
  const since = <>{tellDay(dayIn(new Date(client.since), hereZone()))}</>
  return (
    <Section
      title="In your book"
      meta={
        <>
          since <time dateTime={client.since}>{since}</time>
        </>
      }
    >
      <div className="grid gap-4 py-2">
        {mayChange ? (
          <>
            <Field label="Stage">
              <Select
                value={client.stage}
                choices={stageChoices([client.stage])}
                onChange={({ target }) => {
                  const { value } = target
                  change({
                    says: `${who}: ${stageWord(value)}`,
                    of: () => ({ stage: value }),
                    back: () => ({ stage: client.stage }),
                  })
                }}
              />
            </Field>
            <Tags
              tags={client.tags}
              onAdd={(tag) =>
                change({
                  says: `${who}: tag ${tag} added`,
                  of: ({ tags }) => ({ tags: [...tags.filter((one) => one !== tag), tag] }),
                  back: ({ tags }) => ({ tags: tags.filter((one) => one !== tag) }),
                })
              }
              onRemove={(tag) =>
                change({
                  says: `${who}: tag ${tag} taken away`,
                  of: ({ tags }) => ({ tags: tags.filter((one) => one !== tag) }),
                  back: ({ tags }) => ({ tags: [...tags.filter((one) => one !== tag), tag] }),
                })
              }
            />
            <Field label="Language" hint="In which they are written to.">
              <Select
                value={client.language}
                choices={languages(client.language)}
                onChange={({ target }) => {
                  const { value } = target
                  change({
                    says: `${who} are written to in ${languageName(value)}`,
                    of: () => ({ language: value }),
                    back: () => ({ language: client.language }),
                  })
                }}
              />
            </Field>
            {may(removeClient) && <CameByMistake client={client} />}
          </>
        ) : (
          <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5">
            <Fact name="Stage">{stageWord(client.stage)}</Fact>
            <Fact name="Tags">{client.tags.join(', ') || '–'}</Fact>
            <Fact name="Language">{languageName(client.language)}</Fact>
          </dl>
        )}
      </div>
    </Section>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted-foreground">{name}</dt>
    <dd>{children}</dd>
  </>
)

const LANGUAGES = ['en', 'de', 'fr', 'it', 'es', 'pt', 'nl', 'pl', 'sv', 'da', 'no', 'fi', 'cs', 'el', 'ja']
const languageNames = new Intl.DisplayNames([navigator.language, 'en'], { type: 'language' })
const languageName = (code: string): string => {
  try {
    return languageNames.of(code) ?? code
  } catch {
    return code
  }
}
const languages = (used: string) =>
  [...new Set([...LANGUAGES, used])]
    .map((value) => ({ value, label: languageName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label))
