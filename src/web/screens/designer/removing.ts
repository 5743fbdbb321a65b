import type { NodeId } from '../../../core/ids.ts'
import { lostWith } from '../../../core/journey/edit/edits.ts'
import { branchAt, type Place } from '../../../core/journey/edit/places.ts'
import type { Outline } from '../../../core/journey/outline.ts'

/** What somebody is asked about before it goes; of a step also which of its ways stays. */
export type Asking =
  | { readonly is: 'step'; readonly id: NodeId; readonly keep: string | null }
  | { readonly is: 'branch'; readonly place: Place }

/** The steps that would go along, as they would be marked: of a step its own first. */
export function wouldGo(outline: Outline, asking: Asking): readonly NodeId[] {
  return asking.is === 'step'
    ? [asking.id, ...lostWith(outline, asking.id, asking.keep)]
    : branchAt(outline, asking.place).steps
}
