import type { PersonView, View } from '../run/view.ts'
import type { Zone } from '../time/local.ts'
import type { WhoseZone } from './wait-rule.ts'

/**
 * The zone a rule means. The venue's is the vendor's own while no venue is known, the couple's is the
 * venue's while nobody has said where they live; for one person of the couple, it is that person's first.
 */
export function zoneFor(
  whose: WhoseZone,
  view: Pick<View, 'wedding' | 'vendor' | 'client'>,
  person?: PersonView,
): Zone {
  if (typeof whose === 'object') return whose.fixed as Zone
  const venue = view.wedding?.zone ?? view.vendor.zone
  switch (whose) {
    case 'venue':
      return venue
    case 'vendor':
      return view.vendor.zone
    case 'couple':
      return person?.zone ?? view.client.zone ?? venue
  }
}
