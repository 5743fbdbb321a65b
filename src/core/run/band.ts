import type { Instant } from '../time/instant.ts'
import { type Band, BANDS, bandFor, daysToAnchor } from '../wedding/priority.ts'
import type { View } from './view.ts'

/** The band of work for this client at a moment: by the days to the wedding; a step may ask for more, never for less. */
export function bandOf(at: Instant, view: View, asked: Band | undefined): Band {
  const wedding = view.anchors.wedding?.value ?? null
  const own = wedding === null ? 'low' : bandFor(daysToAnchor(at, wedding, view.wedding?.zone ?? view.vendor.zone))
  return asked !== undefined && BANDS.indexOf(asked) < BANDS.indexOf(own) ? asked : own
}
