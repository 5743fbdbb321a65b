import { hold, release } from './command.ts'
import { type Draft, decide, finish } from './draft.ts'
import type { RunEvent } from './event.ts'
import { worldIn } from './rederive.ts'
import { changeDetails, takeBack } from './replan.ts'

/** A wedding that is called off ends its journeys; all other news about it is planned for. */
export function readDetails(draft: Draft, event: RunEvent & { is: 'details_changed' }): void {
  if (worldIn(event.anchors) === undefined) {
    if (isCalledOff(draft)) return endWhenSure(draft, event)
    if (draft.state.endsAt !== undefined) {
      delete draft.state.endsAt
      release(draft, CALLED_OFF)
    }
  }
  changeDetails(draft, event)
}

const CALLED_OFF = 'wedding_cancelled'

const isCalledOff = ({ view, graph }: Draft): boolean =>
  view.wedding?.status === 'cancelled' && (graph.journey.onWeddingCancelled ?? 'leave') === 'leave'

/** As long as it can be taken back the run is only held, so that nothing of its plan is lost with the undo. */
function endWhenSure(draft: Draft, event: RunEvent & { is: 'details_changed' }): void {
  if (draft.state.endsAt !== undefined) return
  if (event.undoUntil === null) return endCalledOff(draft)
  takeBack(draft, event)
  draft.state.endsAt = event.undoUntil
  hold(draft, CALLED_OFF)
}

export function endCalledOff(draft: Draft): void {
  decide(draft, 'left', null, { on: CALLED_OFF })
  finish(draft, 'cancelled', CALLED_OFF)
}
