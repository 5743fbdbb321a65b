import type { OutsideEvent } from '../run/event.ts'
import { type Instant, instantFrom } from '../time/instant.ts'
import type { AnchorName } from './anchor.ts'

/** The date an event leaves behind for rules to hang on. `once`: only the first such event counts. */
export type AnchorOfEvent = { readonly name: AnchorName; readonly at: Instant; readonly once: boolean }

/**
 * Some events are dates: an inquiry, a signature, a first payment, a gallery handed over, a meeting that is
 * booked (and booked anew, when it moves) for a moment the event names.
 */
export function anchorSetBy(event: Pick<OutsideEvent, 'type' | 'at' | 'data'>): AnchorOfEvent | null {
  switch (event.type) {
    case 'inquiry_received':
      return { name: 'inquiry', at: event.at, once: true }
    case 'contract_signed':
      return { name: 'booking', at: event.at, once: true }
    case 'payment_received':
      return { name: 'first_payment', at: event.at, once: true }
    case 'gallery_published':
      return { name: 'gallery_published', at: event.at, once: true }
    case 'custom_event':
      return event.data.name === 'gallery_published'
        ? { name: 'gallery_published', at: event.at, once: true }
        : null
    case 'meeting_booked':
      return meetingOf(event)
    default:
      return null
  }
}

function meetingOf({ data }: Pick<OutsideEvent, 'data'>): AnchorOfEvent | null {
  const { meeting, at } = data
  if (typeof meeting !== 'string' || !/^[a-z0-9_]{1,60}$/.test(meeting) || typeof at !== 'string') return null
  try {
    return { name: `meeting:${meeting}`, at: instantFrom(at), once: false }
  } catch {
    return null
  }
}
