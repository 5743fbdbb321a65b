import type { Json } from '../ids.ts'
import type { OutsideEvent } from '../run/event.ts'
import type { RunState } from '../run/run.ts'
import type { View } from '../run/view.ts'
import type { World } from './evaluate.ts'
import { valueAt } from './pointer.ts'

/**
 * What can be asked of a couple, by path: `client.stage`, `answers.details.guests`, `outputs.ask.rating`.
 * `event.…` is the event at hand, or else the one that began the run. Read by own properties only, so that a
 * path such as `client.fields.constructor` finds nothing.
 */
export function factsOf(
  view: Pick<View, 'client' | 'wedding' | 'vendor' | 'answers'>,
  state: Pick<RunState, 'outputs' | 'startedBy'>,
  event: Pick<OutsideEvent, 'data'> | null,
): (path: string) => Json | undefined {
  const { client, wedding, vendor } = view
  const roots = {
    client: { stage: client.stage, tags: client.tags, language: client.language, fields: client.fields },
    wedding: wedding && { status: wedding.status, guests: wedding.guests, region: wedding.region },
    vendor: { type: vendor.type, region: vendor.region },
    event: event?.data ?? state.startedBy?.data,
    answers: view.answers,
    outputs: state.outputs,
  }
  return (path) => valueAt(roots, path.split('.')) as Json | undefined
}

/** All a condition may ask, put together; `daysUntil` comes from whoever knows what day it is at the venue. */
export function worldOf(
  view: Pick<View, 'client' | 'wedding' | 'vendor' | 'answers' | 'happened'>,
  state: Pick<RunState, 'outputs' | 'startedBy'>,
  event: Pick<OutsideEvent, 'data'> | null,
  daysUntil: World['daysUntil'],
): World {
  return {
    fact: factsOf(view, state, event),
    daysUntil,
    happened: (type) => (Object.hasOwn(view.happened, type) ? view.happened[type]!.count : 0),
  }
}
