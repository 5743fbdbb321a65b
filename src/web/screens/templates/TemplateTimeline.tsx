import { SquareCheck } from 'lucide-react'
import { Icon } from '../../../ui/Icon.tsx'
import { tellDay } from '../../../ui/month.ts'
import { Diamond, Dot } from '../../../ui/Thread.tsx'
import { cityOf } from '../../times.ts'
import type { Step } from './strip.ts'
import { notesOf, soonMoment, stepsShown } from './words.ts'

const ROW = 'relative grid grid-cols-[16px_minmax(0,1fr)_auto] items-baseline gap-x-3 py-1'

/** The same as the strip, to be read: every step with its moment, the wedding where it lies. */
export function TemplateTimeline({
  steps,
  wedding,
  zone,
}: {
  readonly steps: readonly Step[]
  readonly wedding: string
  readonly zone: string
}) {
  const shown = stepsShown(steps)
  const before = shown.filter((one) => one.at !== null && one.at < `${wedding}T12`)
  const after = shown.filter((one) => !before.includes(one))
  const line = (step: Step, index: number) => (
    <li key={`${step.node}|${index}`} className={ROW}>
      <span className="flex self-start pt-0.5">
        {step.is === 'task' ? (
          <span className="flex size-4 items-center justify-center text-muted-foreground">
            <Icon of={SquareCheck} size={14} />
            <span className="sr-only">a task for you</span>
          </span>
        ) : (
          <Dot of={step.critical ? 'key' : 'planned'} />
        )}
      </span>
      <span className={step.is === 'task' ? 'text-muted-foreground' : 'font-medium'}>{step.name}</span>
      <span className="text-right text-small whitespace-nowrap text-muted-foreground">
        {step.at ? <time dateTime={step.at}>{soonMoment(step.at, zone)}</time> : 'when the task is done'}
      </span>
    </li>
  )
  return (
    <>
      <ol aria-label="What would happen" className="text-ui">
        {before.map(line)}
        <li className={ROW}>
          <span className="flex size-4 items-center justify-center self-center">
            <Diamond />
          </span>
          <span className="font-medium text-wedding">The wedding</span>
          <time dateTime={wedding} className="text-small text-muted-foreground">
            {tellDay(wedding)}
          </time>
        </li>
        {after.map((step, index) => line(step, before.length + index))}
      </ol>
      <p className="mt-2 text-small text-muted-foreground">
        All times {cityOf(zone)}, where they marry. {notesOf(steps).join(' ')}
      </p>
    </>
  )
}
