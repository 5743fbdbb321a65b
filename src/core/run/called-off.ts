import { CALLED_OFF, hold, release } from './command.ts'
import { type Draft, decide, finish } from './draft.ts'
import type { RunEvent } from './event.ts'
import { worldIn } from './rederive.ts'
import { changeDetails } from './replan.ts'

/**
 * A wedding that is called off ends the journeys that are under way; all other news about it is planned for, also
 * while they are held because of it. What begins when it is off already has nothing to do with that.
 */
export function readDetails(draft: Draft, event: RunEvent & { is: 'details_changed' }): void {
  if (event.takesBack !== undefined) draft.takesBack = event.takesBack
  if (worldIn(event.anchors) === undefined) {
    const isOff = isCalledOff(draft)
    if (isOff && event.calledOff && !holdUntilSure(draft, event)) return endCalledOff(draft)
    if (!isOff && draft.state.endsAt !== undefined) {
      delete draft.state.endsAt
      release(draft, CALLED_OFF)
    }
  }
  changeDetails(draft, event)
}

const isCalledOff = ({ view, graph }: Draft): boolean =>
  view.wedding?.status === 'cancelled' && (graph.journey.onWeddingCancelled ?? 'leave') === 'leave'

/** As long as it can be taken back the run is only held, so that nothing of its plan is lost with the undo. */
function holdUntilSure(draft: Draft, event: RunEvent & { is: 'details_changed' }): boolean {
  if (draft.state.endsAt !== undefined) return true
  if (event.undoUntil === null) return false
  draft.state.endsAt = event.undoUntil
  // Held first: what was on its way stays at its step instead of being judged as late.
  hold(draft, CALLED_OFF)
  return true
}

export function endCalledOff(draft: Draft): void {
  decide(draft, 'left', null, { on: CALLED_OFF })
  finish(draft, 'cancelled', CALLED_OFF)
}
