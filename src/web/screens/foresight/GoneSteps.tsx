import { useQuery } from '@tanstack/react-query'
import { readVersion } from '../../../contract/journeys.ts'
import { listRuns } from '../../../contract/runs.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { Sheet } from '../../../ui/Dialog.tsx'
import { DOOR, Section } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, inWords } from '../../times.ts'
import { nameOf } from '../designer/words.ts'
import { CouplesBehind, LISTED_MAX } from './CouplesBehind.tsx'
import { doorName, type GoneStep } from './figures.ts'
import { counted } from './steps.ts'

/** How the address says that these are looked at: no step has such an id. */
export const GONE = '-'

/** Couples whom the drawing has no place for: they walk on with an earlier version. */
export function GoneLine({
  steps,
  onOpen,
}: {
  readonly steps: readonly GoneStep[]
  readonly onOpen: () => void
}) {
  const runs = steps.reduce((sum, one) => sum + one.runs, 0)
  if (runs === 0) return null
  return (
    <p className="w-full text-muted-foreground">
      <button
        type="button"
        data-door={doorName(GONE, 'waiting')}
        onClick={onOpen}
        className={`${DOOR} relative min-h-6 font-strong text-foreground after:absolute after:-inset-x-1 after:inset-y-0 touch:after:-inset-y-2.5`}
      >
        {capital(inWords(runs))} {runs === 1 ? 'couple' : 'couples'}
      </button>{' '}
      {runs === 1 ? 'stands' : 'stand'} at {steps.length === 1 ? 'a step' : 'steps'} that this version no
      longer has.
    </p>
  )
}

export function GoneSheet({
  steps,
  journeyId,
  goesBackTo,
  onClose,
}: {
  readonly steps: readonly GoneStep[]
  readonly journeyId: string
  readonly goesBackTo: () => HTMLElement | null
  readonly onClose: () => void
}) {
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title="At steps that are gone"
      description="They walk on with the version they are on, whose steps they still come to."
      goesBackTo={goesBackTo}
    >
      <div className="grid gap-6">
        {steps.map((one) => (
          <AtGoneStep key={one.node} step={one} journeyId={journeyId} />
        ))}
        {steps.length === 0 && <p className="text-muted-foreground">Nobody any more.</p>}
      </div>
    </Sheet>
  )
}

function AtGoneStep({ step, journeyId }: { readonly step: GoneStep; readonly journeyId: string }) {
  const { vendor } = useHere()
  const { node, version, runs } = step
  const params = { vendor, journey: journeyId, version }
  const was = useQuery(asks(readVersion, { params }))
  const found = useQuery(
    asks(listRuns, { params: { vendor }, query: { journey: journeyId, node, limit: LISTED_MAX } }),
  )
  const document = was.data?.data.document as unknown as Journey | undefined
  const known = document?.nodes.find(({ id }) => id === node)
  return (
    <Section title={known ? nameOf(known) : node} meta={`version ${version}, ${counted(runs, 'couple')}`}>
      <Answer of={found}>
        {({ data }) => (
          <CouplesBehind
            items={data.items.map((run) => ({
              run: run.id,
              client: run.client,
              names: run.names,
              at: run.at.find((one) => one.node === node)?.due ?? null,
            }))}
            waits
            count={runs}
          />
        )}
      </Answer>
    </Section>
  )
}
