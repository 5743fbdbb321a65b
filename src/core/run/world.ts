import type { World } from '../journey/evaluate.ts'
import { factsOf } from '../journey/facts.ts'
import { daysToAnchor } from '../wedding/priority.ts'
import type { Draft } from './draft.ts'
import type { OutsideEvent } from './event.ts'

/** What a condition may ask about in this turn. `event.*` is the event at hand, or the one that began the run. */
export function worldOf(draft: Draft, event: OutsideEvent | null): World {
  const { view, now, state } = draft
  const zone = view.wedding?.zone ?? view.vendor.zone
  return {
    fact: factsOf(view, state, event ?? draft.heardNow),
    daysUntil: (anchor) => daysToAnchor(now, view.anchors[anchor]?.value ?? null, zone),
    happened: (type) => Math.max(view.happened[type]?.count ?? 0, state.heard?.[type] === undefined ? 0 : 1),
  }
}
