import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { type ClientDocument, readClient } from '../../../contract/clients.ts'
import { forecastJourney } from '../../../contract/foresight.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { commandRun, listRuns, startRun } from '../../../contract/runs.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Select } from '../../../ui/Select.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { NowLine, Thread, ThreadRow } from '../../../ui/Thread.tsx'
import { Eyebrow, Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, asks, wordsOf } from '../../api.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { cityOf } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'
import { counted, isNoticed, stepIcon, tellWhen } from '../foresight/steps.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import {
  choicesFor,
  FATES,
  fateOf,
  type LateChoice,
  type LateChosen,
  lateOf,
  tellFates,
  usualOf,
} from './late.ts'
import { shortName } from './words.ts'

const room = getRouteApi('/house/clients/$clientId/start')
type Forecast = z.infer<typeof forecastJourney.answer>

/** Putting a couple on a journey, however late they are: what it would do with them, before it does anything. */
export function StartJourney() {
  const { clientId } = room.useParams()
  const { vendor } = useHere()
  const couple = useQuery(asks(readClient, { params: { vendor, client: clientId } }))
  if (isNotHere(couple.error)) return <NotHere noun="couple" />
  return (
    <>
      <Eyebrow>
        <Link to="/clients" className="rounded-xs hover:underline">
          Clients
        </Link>{' '}
        ·{' '}
        <Link to="/clients/$clientId" params={{ clientId }} className="rounded-xs hover:underline">
          {couple.data?.data.name ?? 'One couple'}
        </Link>
      </Eyebrow>
      <h1 tabIndex={-1} className="mt-1 font-display text-h1 tracking-display text-balance">
        {couple.data ? `Put ${shortName(couple.data.data)} on a journey` : 'Put them on a journey'}
      </h1>
      <Answer of={couple}>{({ data }) => <Choosing client={data} />}</Answer>
    </>
  )
}

function Choosing({ client }: { readonly client: ClientDocument }) {
  const { vendor } = useHere()
  const { journey: chosen } = room.useSearch()
  const go = room.useNavigate()
  const journeys = useQuery(asks(listJourneys, { params: { vendor }, query: { status: 'active' } }))
  const theirs = useQuery(asks(listRuns, { params: { vendor }, query: { client: client.id } }))
  const isOn = (journey: string): boolean =>
    theirs.data?.data.items.some((run) => run.journey === journey) ?? false
  return (
    <Answer of={journeys}>
      {({ data: { items } }) =>
        items.length === 0 ? (
          <div className="mt-5">
            <EmptyState
              title="No journey is live yet."
              action={
                <Button asChild look="primary">
                  <Link to="/journeys">See the journeys</Link>
                </Button>
              }
            >
              A journey must be published before anybody can be put on it.
            </EmptyState>
          </div>
        ) : (
          <div className="mt-5 grid gap-x-10 gap-y-6 lg:grid-cols-[280px_minmax(0,1fr)]">
            <Section title="Which journey?">
              <ul className="py-1">
                {items.map((journey) => (
                  <li key={journey.id} className="border-t border-border first:border-t-0">
                    <button
                      type="button"
                      aria-pressed={journey.id === chosen}
                      onClick={() => void go({ search: { journey: journey.id }, replace: true })}
                      className="block w-full rounded-xs px-2 py-2 text-left hover:bg-muted aria-pressed:bg-selected"
                    >
                      <span className="block font-strong">{journey.name}</span>
                      <span className="block text-small text-muted-foreground">
                        {isOn(journey.id)
                          ? 'They are on it already'
                          : `${counted(journey.runs.onIt, 'couple')} on it`}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </Section>
            {chosen ? (
              <Foreseen key={chosen} client={client} journey={chosen} />
            ) : (
              <div>
                <EmptyState title="Choose a journey">
                  What each of its steps would do for {shortName(client)} is shown here first: what is past,
                  what is caught up, left out or sent at once.
                </EmptyState>
              </div>
            )}
          </div>
        )
      }
    </Answer>
  )
}

function Foreseen({ client, journey }: { readonly client: ClientDocument; readonly journey: string }) {
  const { vendor, may } = useHere()
  const go = useNavigate()
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const [chosen, setChosen] = useState<LateChosen>({})
  const params = { vendor, journey }
  const asked = { of: 'live', couple: { client: client.id }, behaviour: 'silent' } as const
  const told = useQuery(asks(forecastJourney, { params, body: asked }))
  const late = told.data ? lateOf(told.data.data.steps, chosen) : []
  const asChosen = useQuery({
    ...asks(forecastJourney, { params, body: { ...asked, late } }),
    enabled: late.length > 0,
    placeholderData: keepPreviousData,
  })
  const who = shortName(client)
  const start = (): void =>
    act(async () => {
      const { data } = await api(startRun, {
        params: { vendor, client: client.id },
        body: { journey, ...(late.length > 0 && { late }) },
        key: keyOf({ client: client.id, journey, late }),
      })
      await askForRuns()
      await go({ to: '/clients/$clientId', params: { clientId: client.id } })
      toast(`${who} are on ${data.journeyName}`, {
        undo: () =>
          act(async () => {
            await api(commandRun, {
              params: { vendor, run: data.id },
              body: { command: { do: 'stop', reason: 'taken back' } },
            })
            await askForRuns()
            toast(`${data.journeyName} is stopped for ${who}; what has left stays sent`)
          }),
      })
    })
  return (
    <Answer of={told} lines={8}>
      {({ data: plain }) => {
        const data = late.length > 0 ? (asChosen.data?.data ?? plain) : plain
        return data.from === 'now' ? (
          <EmptyState
            title={`${who} are on this journey already.`}
            action={
              <Button asChild>
                <Link to="/clients/$clientId" params={{ clientId: client.id }}>
                  See where they stand
                </Link>
              </Button>
            }
          />
        ) : (
          <div>
            <p className="font-display text-h3 leading-7 tracking-display text-pretty md:text-[20px]">
              {tellFates(data.steps, who)}
            </p>
            {asChosen.error && late.length > 0 && (
              <div className="mt-3">
                <Banner kind="danger" live title="This choice cannot be looked at">
                  {wordsOf(asChosen.error)}
                </Banner>
              </div>
            )}
            <Steps
              told={data}
              plain={plain}
              chosen={chosen}
              onChoose={
                may(startRun)
                  ? (node, choice) => setChosen((before) => ({ ...before, [node]: choice }))
                  : null
              }
            />
            <div className="mt-5 flex flex-wrap items-center gap-2">
              {may(startRun) && (
                <Button look="primary" size="lg" busy={busy} onClick={start}>
                  Put {who} on it
                </Button>
              )}
              <span className="text-small text-muted-foreground">
                As things stand, if they answer nothing. What you choose here is for {who} alone; the journey
                itself can be changed in the designer.
              </span>
            </div>
          </div>
        )
      }}
    </Answer>
  )
}

function Steps({
  told,
  plain,
  chosen,
  onChoose,
}: {
  readonly told: Forecast
  /** As it would be if nobody chose. */
  readonly plain: Forecast
  readonly chosen: LateChosen
  /** Null for whoever only looks. */
  readonly onChoose: ((node: string, choice: LateChoice) => void) | null
}) {
  const steps = told.steps.filter((step) => isNoticed(step.kind))
  const seen = new Set<string>()
  const row = (step: (typeof steps)[number]) => {
    const fate = FATES[fateOf(step)]
    const isFirst = !seen.has(step.node)
    seen.add(step.node)
    const own = plain.steps.find(({ node }) => node === step.node)
    const usual = isFirst && own ? usualOf(fateOf(own)) : null
    return (
      <ThreadRow
        key={`${step.node}|${step.at}`}
        bead={fate.bead}
        {...(fate.bead === 'skipped' || !step.at
          ? { when: step.at ? 'Not any more' : 'No moment yet' }
          : { when: tellWhen(step.at, step.zone), zone: cityOf(step.zone), dateTime: step.at })}
        icon={stepIcon(step.kind)}
        {...(usual && onChoose
          ? {
              more: (
                <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
                  <div className="w-[216px]">
                    <Select
                      aria-label={`What becomes of ${step.name}`}
                      value={chosen[step.node] ?? usual}
                      choices={choicesFor(step.kind, usual)}
                      onChange={({ target }) => onChoose(step.node, target.value as LateChoice)}
                    />
                  </div>
                  <p className="min-w-0 flex-1 basis-[240px] text-small text-muted-foreground">
                    {whyOf(step)}
                  </p>
                </div>
              ),
            }
          : { sub: whyOf(step) })}
        end={<StatusWord of={fate.status}>{fate.word}</StatusWord>}
      >
        {step.name}
      </ThreadRow>
    )
  }
  return (
    <div className="mt-4">
      <Thread label="What the journey would do">
        <NowLine>They begin now</NowLine>
        {steps.map(row)}
      </Thread>
      {told.truncated && <p className="mt-2 text-small text-muted-foreground">And more, further away.</p>}
    </div>
  )
}

const whyOf = ({ because }: Forecast['steps'][number]): string =>
  because.findLast(({ code }) => code.startsWith('late_') || code === 'nominal')?.sentence ?? ''
