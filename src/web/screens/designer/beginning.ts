import type { Graph } from '../../../core/journey/graph.ts'
import { begin } from '../../../core/run/advance.ts'
import { sentenceOf } from '../../../core/run/sentences.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import type { View } from '../../../core/run/view.ts'
import { type Instant, instant } from '../../../core/time/instant.ts'
import { resolveWait } from '../../../core/wedding/wait.ts'
import type { ToldStep } from './foretold.ts'

/**
 * What is foreseen of a journey that begins by a date does not tell of its beginning: until that day nobody is in it.
 * On the drawing they come from there like everybody, on the day its rule means for them. Where others know the clocks
 * better than this browser (`isTold`), that day is not said.
 */
export function withBeginning(
  { trigger, triggerType, next }: Graph,
  steps: readonly ToldStep[],
  { view, now, isTold }: { readonly view: View; readonly now: Instant; readonly isTold: boolean },
): readonly ToldStep[] {
  const rule = triggerType.when?.(trigger.config ?? {})
  if (!rule || 'every' in rule || steps.length === 0 || steps.some(({ node }) => node === trigger.id))
    return steps
  const { nominal, because } = resolveWait(rule, now, view)
  const at = isTold || nominal === null ? null : instant(Math.max(nominal, now))
  const left = { code: 'left_by', values: { exit: 'next', to: next(trigger.id, 'next') } } as const
  const beginning: ToldStep = {
    node: trigger.id,
    visit: 1,
    kind: 'trigger',
    name: titleOf(trigger),
    at,
    recipients: [],
    what: 'wait',
    assumes: [],
    because: [...(isTold ? [] : because), left],
  }
  return [beginning, ...steps]
}

/** Where the journey's own condition keeps this couple out: what it says, as the engine tells it. */
export function whyNotBegun(graph: Graph, [run, event, view, now]: Beginning): string | null {
  if (graph.triggerType.when) return null
  const refused = begin(graph, run, event, now, view).because.find(
    ({ code }) => code === 'trigger_filter_failed',
  )
  // The engine tells of what was; here nothing has happened yet.
  return refused
    ? sentenceOf(refused, { zone: view.wedding?.zone ?? view.vendor.zone, now }).replace(
        'did not',
        'would not',
      )
    : null
}
export type Beginning = readonly [
  run: Parameters<typeof begin>[1],
  event: Parameters<typeof begin>[2],
  view: View,
  now: Instant,
]
