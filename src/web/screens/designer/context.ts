import { createContext, use } from 'react'
import type { readJourney } from '../../../contract/journeys.ts'
import type { NodeId } from '../../../core/ids.ts'
import type { Around } from '../../../core/journey/check.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import type { View } from '../../../core/run/view.ts'
import type { Instant } from '../../../core/time/instant.ts'
import type { Zone } from '../../../core/time/local.ts'
import type { Seen } from '../../api.ts'
import type { Clocks } from './clocks.ts'
import type { Mode } from './modes.ts'

/** The couple one looks through, a real one or an example: what the engine knows of them, and when that was. */
export type ChosenCouple = {
  /** Null for an example. */
  readonly id: string | null
  readonly name: string
  readonly view: View
  readonly now: Instant
  /** The venue's, else the business's. */
  readonly zone: Zone
  readonly clocks: Clocks
}

/** What each part of the designer (build, simulate, live, publish) is given. */
export type DesignerPart = {
  readonly journeyId: string
  /** As it is drawn now; the server has it a moment later. It need not be whole. */
  readonly document: Journey
  /** Null while it is being read. */
  readonly couple: ChosenCouple | null
}

export type Designing = DesignerPart & {
  readonly journey: Seen<typeof readJourney>['data']
  readonly around: Around
  /** The chosen step, which stands in the address. */
  readonly step: NodeId | null
  choose(step: NodeId | null): void
  go(mode: Mode): void
  /** Everything drawn is on the server; the answer is the ETag that names it. */
  save(): Promise<string>
  /** After something has changed the draft elsewhere, as publishing does. */
  reload(): Promise<void>
}

export const DesignerContext = createContext<Designing | null>(null)

export function useDesigner(): Designing {
  const designing = use(DesignerContext)
  if (!designing) throw new Error('This part stands outside the designer.')
  return designing
}
