import { isoOf } from '../../../core/time/instant.ts'
import { Section, Zone } from '../../../ui/Type.tsx'
import { cityOf } from '../../times.ts'
import { useDesigner } from '../designer/context.ts'
import { nameOf } from '../designer/words.ts'
import type { SeenStep } from './ahead.ts'
import { tellWhen } from './steps.ts'

/** The way they take through the journey: lit up to the virtual clock, dim where they never come. */
export function Path({ steps, clock }: { readonly steps: readonly SeenStep[]; readonly clock: number }) {
  const { document, choose, step: chosen } = useDesigner()
  const visits = Map.groupBy(steps, ({ node }) => node)
  const meant = document.nodes.filter(({ kind }) => kind !== 'trigger' && kind !== 'end')
  const order = [...new Set(steps.map(({ node }) => node))].filter((id) => meant.some((one) => one.id === id))
  const never = meant.filter((node) => !visits.has(node.id))
  return (
    <Section title="Their path" meta={`${order.length} of ${meant.length} steps`}>
      <ol aria-label="Their path" className="py-1">
        {order.map((id) => {
          const step = visits.get(id)![0]!
          const node = document.nodes.find((one) => one.id === id)
          const lit = step.at !== null && step.at <= clock
          return (
            <li
              key={id}
              className="relative pl-7 before:absolute before:top-0 before:bottom-0 before:left-[7px] before:border-l-[1.5px] before:border-thread-future data-lit:before:border-plan-mark"
              {...(lit && { 'data-lit': '' })}
            >
              <span
                aria-hidden="true"
                className={`absolute top-2.5 left-0 z-[1] size-4 rounded-full border-[1.5px] ${lit ? 'border-plan-mark bg-plan-mark' : 'border-plan-mark bg-background'}`}
              />
              <button
                type="button"
                aria-pressed={id === chosen}
                onClick={() => node && choose(node.id)}
                className="block w-full rounded-xs px-1.5 py-1.5 text-left hover:bg-muted aria-pressed:bg-selected"
              >
                <span className={`block ${lit ? 'font-strong' : ''}`}>
                  {node ? nameOf(node) : step.name}
                  {lit && <span className="sr-only"> (passed)</span>}
                </span>
                <span className="block text-small text-muted-foreground">
                  {step.at === null ? (
                    'waits here'
                  ) : (
                    <>
                      {tellWhen(isoOf(step.at), step.zone)} <Zone>{cityOf(step.zone)}</Zone>
                    </>
                  )}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
      {never.length > 0 && (
        <div className="border-t border-border pt-2">
          <p className="text-small text-muted-foreground">Not on their path</p>
          <ul className="mt-1 text-muted-foreground">
            {never.map((node) => (
              <li key={node.id} className="py-0.5 pl-7">
                {nameOf(node)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  )
}
