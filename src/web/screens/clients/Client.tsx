import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { type ClientDocument, changeClient, readClient } from '../../../contract/clients.ts'
import { Avatar } from '../../../ui/Avatar.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Select } from '../../../ui/Select.tsx'
import { StatusPill } from '../../../ui/StatusPill.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Eyebrow, Lede, LINK, Section, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, isRefused } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, dayIn, fromTodayWords, hereZone, tellMoment, today } from '../../times.ts'
import { Tags } from './Tags.tsx'
import { useTraits } from './useTraits.ts'
import { DATE_STATUS, partnersOf, roleOfPerson, shortName, stageChoices, stageWord } from './words.ts'

const room = getRouteApi('/house/clients/$clientId')

export function Client() {
  const { clientId } = room.useParams()
  const { vendor } = useHere()
  const couple = useQuery(asks(readClient, { params: { vendor, client: clientId } }))
  if (couple.data) return <Couple client={couple.data.data} />
  if (isRefused(couple.error, 'not_found')) return <NobodyHere />
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

function NobodyHere() {
  const { business } = useHere()
  return (
    <>
      <Back />
      <Lede>No couple of {business} is known by this address.</Lede>
      <p className="mt-2 max-w-[60ch] text-muted-foreground">
        The link may be old, or it leads to a couple of another business.
      </p>
      <div className="mt-4">
        <Button asChild look="primary">
          <Link to="/clients">See all couples</Link>
        </Button>
      </div>
    </>
  )
}

function Couple({ client }: { readonly client: ClientDocument }) {
  const { wedding } = client
  const on = wedding?.on ?? null
  return (
    <>
      <Back>
        {on
          ? `Wedding ${fromTodayWords(on, today(wedding?.zone ?? hereZone()))}`
          : 'Wedding without a date yet'}
      </Back>
      <Names client={client} />
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
          {wedding.guests !== null && <span>{wedding.guests.toLocaleString()} guests</span>}
        </p>
      )}
      <div className="mt-6 grid content-start gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_320px] lg:grid-rows-[auto_1fr]">
        <People client={client} />
        <div className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <Standing client={client} />
        </div>
        <Section title="What they hear">
          <p className="max-w-[64ch] py-2 text-muted-foreground">
            Their journeys and each message, with its moment and its reason, are not drawn in the app yet. The
            command line tells them:{' '}
            <code className="rounded-xs bg-sunken px-1.5 py-0.5 font-mono text-small text-foreground [overflow-wrap:anywhere]">
              npx wedsync journey explain --client {client.id}
            </code>
          </p>
        </Section>
      </div>
    </>
  )
}

function Names({ client }: { readonly client: ClientDocument }) {
  const partners = partnersOf(client)
  return (
    <h1
      tabIndex={-1}
      className="mt-1 font-display text-h1 tracking-display text-balance md:text-title"
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

function People({ client }: { readonly client: ClientDocument }) {
  return (
    <Section title="People">
      <ul>
        {client.people.map(({ ref, name, email, phone }) => (
          <li key={ref} className="flex items-center gap-3 border-t border-border py-2.5 first:border-t-0">
            <Avatar name={name} />
            <div className="min-w-0 flex-1">
              <p className="truncate">
                <span className="font-strong">{name}</span>{' '}
                <span className="text-small text-muted-foreground">{roleOfPerson(ref)}</span>
              </p>
              <p className="flex flex-wrap gap-x-4">
                {email && (
                  <a href={`mailto:${email}`} className={`${LINK} truncate`}>
                    {email}
                  </a>
                )}
                {phone && (
                  <a href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`} className={LINK}>
                    {phone}
                  </a>
                )}
                {!email && !phone && (
                  <span className="text-muted-foreground">No address and no number yet.</span>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
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
          </>
        ) : (
          <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-1.5">
            <Fact name="Stage">{stageWord(client.stage)}</Fact>
            <Fact name="Tags">{client.tags.join(', ') || '–'}</Fact>
            <Fact name="Language">{languageName(client.language)}</Fact>
          </dl>
        )}
      </div>
      {client.wedding?.zone && (
        <p className="border-t border-border pt-2 text-small text-muted-foreground">
          It is {tellMoment(new Date().toISOString(), client.wedding.zone)} {cityOf(client.wedding.zone)} at
          the venue.
        </p>
      )}
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
