import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { listClients } from '../../../contract/clients.ts'
import { listJourneys } from '../../../contract/journeys.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { Eyebrow, LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { ChooseTemplate } from './ChooseTemplate.tsx'
import { FirstCouple } from './FirstCouple.tsx'
import { GoLive } from './GoLive.tsx'
import { SampleStudio } from './SampleStudio.tsx'
import { isStep, STEP_WORDS, STEPS, type StepName, whereToGoOn } from './steps.ts'
import { Week } from './Week.tsx'

const room = getRouteApi('/house/begin/$step')

function useStanding() {
  const { vendor } = useHere()
  const clients = useQuery(asks(listClients, { params: { vendor }, query: { limit: 2 } }))
  const journeys = useQuery(asks(listJourneys, { params: { vendor } }))
  const standing =
    clients.data && journeys.data
      ? {
          couples: clients.data.data.items.length,
          couple: clients.data.data.items[0]?.id ?? null,
          draft: journeys.data.data.items.find((one) => one.status === 'draft')?.id ?? null,
          live: journeys.data.data.items.some((one) => one.version !== null),
        }
      : undefined
  return { of: { ...clients, data: standing, error: clients.error ?? journeys.error }, standing }
}

/** Back to where one stood. */
export function GoOn() {
  const { of } = useStanding()
  return (
    <Answer of={of}>
      {(standing) => (
        <Navigate
          to="/begin/$step"
          params={{ step: whereToGoOn(standing) }}
          search={{
            ...(standing.draft && { journey: standing.draft }),
            ...(standing.couple && { client: standing.couple }),
          }}
          replace
        />
      )}
    </Answer>
  )
}

export function FirstRun() {
  const { step } = room.useParams()
  if (!isStep(step)) return <Navigate to="/begin" replace />
  return (
    <div className="max-w-[1100px]">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <Eyebrow>Setting up</Eyebrow>
        <Link to="/" className={classNames(LINK, 'text-small')}>
          Leave it for now
        </Link>
      </div>
      <Way at={step} />
      <Part of={step} />
      {step !== 'live' && <SampleStudio />}
    </div>
  )
}

function Part({ of }: { readonly of: StepName }) {
  switch (of) {
    case 'week':
      return <Week />
    case 'template':
      return <ChooseTemplate />
    case 'couple':
      return <FirstCouple />
    case 'live':
      return <GoLive />
  }
}

/** Where one stands; what lies behind can be gone back to. */
function Way({ at }: { readonly at: StepName }) {
  const search = room.useSearch()
  const now = STEPS.indexOf(at)
  return (
    <ol aria-label="Steps" className="mt-2 mb-5 flex max-w-[560px] gap-2">
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={step === at ? 'step' : undefined}
          className={classNames(
            'flex-1 border-t-2 pt-1 text-small',
            index < now && 'border-thread-past text-muted-foreground',
            index === now && 'border-now font-strong',
            index > now && 'border-dashed border-thread-future text-muted-foreground',
          )}
        >
          {index < now ? (
            <Link to="/begin/$step" params={{ step }} search={search} className="rounded-xs hover:underline">
              <Icon of={Check} size={12} className="mr-1 inline-block align-[-1px]" />
              {STEP_WORDS[step]}
            </Link>
          ) : (
            STEP_WORDS[step]
          )}
        </li>
      ))}
    </ol>
  )
}
