import type { Effect } from './effect.ts'
import type { View } from './view.ts'

/**
 * The view after an effect that is committed with the turn: a step sees what the step before it changed, and a
 * cap counts the message just planned.
 */
export function patchView(view: View, effect: Effect): View {
  switch (effect.do) {
    case 'set_stage':
      return { ...view, client: { ...view.client, stage: effect.stage } }
    case 'add_tag':
      return {
        ...view,
        client: {
          ...view.client,
          tags: [...view.client.tags.filter((tag) => tag !== effect.tag), effect.tag],
        },
      }
    case 'remove_tag':
      return {
        ...view,
        client: { ...view.client, tags: view.client.tags.filter((tag) => tag !== effect.tag) },
      }
    case 'set_field':
      return {
        ...view,
        client: { ...view.client, fields: { ...view.client.fields, [effect.field]: effect.value } },
      }
    // A journey that begins while another holds begins held.
    case 'hold_journeys':
    case 'release_journeys': {
      const reason = `hold:${effect.reason}`
      const others = view.client.holds.filter((one) => one !== reason)
      return {
        ...view,
        client: { ...view.client, holds: effect.do === 'hold_journeys' ? [...others, reason] : others },
      }
    }
    case 'send': {
      const send = {
        to: effect.recipient,
        class: effect.class,
        at: effect.at,
        catchUp: effect.catchUp === true,
      }
      return { ...view, sends: [...view.sends, send] }
    }
    default:
      return view
  }
}
