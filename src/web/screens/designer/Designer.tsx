import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { readDraft, readJourney } from '../../../contract/journeys.ts'
import type { NodeId } from '../../../core/ids.ts'
import { parse } from '../../../core/journey/parse.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { Skeleton } from '../../../ui/Waiting.tsx'
import { Answer } from '../../Answer.tsx'
import { askAgain, asks } from '../../api.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { After } from '../../shell/Gate.tsx'
import { soonHere } from '../../soon-here.ts'
import { Build } from './Build.tsx'
import { Choice, ChoiceContext } from './choice.ts'
import { type ChosenCouple, DesignerContext, type Designing } from './context.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { isDrawable } from './drawable.ts'
import { Header } from './Header.tsx'
import type { Mode } from './modes.ts'
import { Overtaken } from './Overtaken.tsx'
import { PARTS } from './parts.ts'
import { useAround } from './useAround.ts'
import { useCouple } from './useCouple.ts'
import { useDraft, useKept } from './useDraft.ts'

const room = getRouteApi('/house/journeys/$journeyId')

/** One journey: drawn, tried, watched and published. Which of the four, for whom and at which step stand in the address. */
export function Designer() {
  const { journeyId } = room.useParams()
  return <Room key={journeyId} journeyId={journeyId} />
}

function Room({ journeyId }: { readonly journeyId: string }) {
  const { vendor } = useHere()
  const { as } = room.useSearch()
  const journey = useQuery(asks(readJourney, { params: { vendor, journey: journeyId } }))
  const couple = useCouple(vendor, as)
  const around = useAround(vendor)
  const { draft, keeper } = useDraft(vendor, journeyId)
  if (isNotHere(journey.error)) return <NoJourney />
  if (!journey.data || !keeper)
    return (
      <Standing>
        {journey.error ? (
          <Answer of={journey}>{() => null}</Answer>
        ) : (
          <Answer of={{ ...draft, data: undefined }}>{() => null}</Answer>
        )}
      </Standing>
    )
  return <Open journey={journey.data.data} keeper={keeper} couple={couple} around={around} />
}

function Open({
  journey,
  keeper,
  couple,
  around,
}: {
  readonly journey: Designing['journey']
  readonly around: Designing['around']
  readonly keeper: DraftKeeper
  readonly couple: ChosenCouple | null
}) {
  const { mode = 'build' } = room.useSearch()
  const navigate = useNavigate({ from: '/journeys/$journeyId' })
  useFirstStep(keeper)
  const [choice] = useState(() => new Choice(keeper))
  const { history } = useKept(keeper)
  const { document, step } = history.now
  useStepInAddress(step)
  const designing = useMemo(
    (): Designing => ({
      journeyId: journey.id,
      journey,
      around,
      document,
      couple,
      step,
      choose: (next: NodeId | null) => keeper.choose(next),
      go: (next: Mode) =>
        void navigate({ search: ({ mode: _before, ...rest }) => ({ ...rest, ...modeIn(next) }) }),
      save: () => keeper.save(),
      reload: async () => void (await askAgain(readJourney, readDraft)),
    }),
    [journey, around, document, couple, step, keeper, navigate],
  )
  const Part = mode === 'build' ? null : PARTS[mode]
  return (
    <DesignerContext value={designing}>
      <ChoiceContext value={choice}>
        <div className="flex h-full min-h-0 flex-col">
          <Header keeper={keeper} mode={mode} />
          <Overtaken keeper={keeper} />
          <div className="flex min-h-0 flex-1">
            {!isDrawable(document) ? (
              <Undrawable document={document} />
            ) : Part === null ? (
              <Build keeper={keeper} choice={choice} />
            ) : (
              <Suspense
                fallback={
                  <After ms={300}>
                    <div className="p-10">
                      <Skeleton lines={4} />
                    </div>
                  </After>
                }
              >
                <Part journeyId={journey.id} document={document} couple={couple} />
              </Suspense>
            )}
          </div>
        </div>
      </ChoiceContext>
    </DesignerContext>
  )
}

/** The first address chooses the step, before anything is drawn, so that its panel is open; afterwards it follows. */
function useFirstStep(keeper: DraftKeeper): void {
  const { step } = room.useSearch()
  useState(() => step !== undefined && keeper.choose(step as NodeId))
}

/** The chosen step stands in the address a moment after one has stopped walking: a link leads to it. */
const STANDS_AFTER_MS = 300
function useStepInAddress(step: NodeId | null): void {
  const navigate = useNavigate({ from: '/journeys/$journeyId' })
  useEffect(() => {
    return soonHere(
      () =>
        void navigate({
          search: ({ step: _before, ...rest }) => ({ ...rest, ...(step !== null && { step }) }),
          replace: true,
        }),
      STANDS_AFTER_MS,
    )
  }, [step, navigate])
}

/** Building is where one is unless the address says otherwise. */
const modeIn = (mode: Mode): { mode?: Mode } => (mode === 'build' ? {} : { mode })

/** A draft written elsewhere that is not even the bones of a journey: what is wrong with it, and the ways back. */
function Undrawable({ document }: { readonly document: unknown }) {
  const parsed = parse(document)
  return (
    <div className="mx-auto max-w-[640px] overflow-y-auto p-10">
      <EmptyState title="This draft cannot be drawn">
        <p>
          It was written outside the designer and lacks what a drawing needs. Undo, restore a version, or send
          a mended document through the API.
        </p>
        {!parsed.ok && (
          <ul className="mt-3 list-disc pl-5 text-left">
            {parsed.problems.slice(0, TOLD_MAX).map((one) => (
              <li key={`${one.path} ${one.message}`}>{one.message}</li>
            ))}
          </ul>
        )}
      </EmptyState>
    </div>
  )
}
const TOLD_MAX = 8

const Standing = ({ children }: { readonly children: React.ReactNode }) => (
  <div className="px-5 pt-4 md:px-10 md:py-6">
    <Eyebrow>
      <Link to="/journeys" className="rounded-xs hover:underline">
        Journeys
      </Link>
    </Eyebrow>
    <Lede>One journey</Lede>
    <div className="mt-4">{children}</div>
  </div>
)

const NoJourney = () => (
  <div className="px-5 pt-4 md:px-10 md:py-6">
    <NotHere noun="journey" />
  </div>
)
