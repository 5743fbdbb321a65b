import { createContext, use } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Clip } from '../../../core/journey/edit/clip.ts'
import type { Edited, Place } from '../../../core/journey/edit/places.ts'
import type { Journey, Node } from '../../../core/journey/graph.ts'
import type { Outline } from '../../../core/journey/outline.ts'

import type { Group } from './AddMenu.tsx'
import type { ToldStep } from './foretold.ts'
import type { Found } from './judge.ts'

/** What the parts of the building side share: the drawing, what is known of it, and what can be done to it. */
export type Building = {
  readonly outline: Outline
  readonly found: Found
  readonly visits: ReadonlyMap<NodeId, ToldStep>
  readonly mayEdit: boolean
  /** Does it and can be undone; what is refused is told with its reason. */
  edit(label: string, edited: Edited, burst?: string): boolean
  /** Puts this in the place of the step with its id. */
  change(node: Node, burst?: string): void
  /** Name, re-entry and the like: whatever is not a step. */
  settle(settings: Partial<Journey>, burst?: string): void
  add(place: Place, clip: Clip, label: string): void
  /** Opens the menu of everything that can be added, at that place. */
  askWhat(place: Place, near: Element | null, first?: Group): void
  remove(id: NodeId): void
  removeBranch(place: Place): void
  choose(id: NodeId | null): void
  copy(ids: ReadonlySet<NodeId>, cut?: boolean): void
}
export const BuildingContext = createContext<Building | null>(null)

export function useBuilding(): Building {
  const building = use(BuildingContext)
  if (!building) throw new Error('This part stands outside the building side.')
  return building
}
