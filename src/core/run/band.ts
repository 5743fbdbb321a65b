import type { Instant } from '../time/instant.ts'
import { atLeast, type Band, bandIn, daysToWedding, withDeadline } from '../wedding/priority.ts'
import type { View } from './view.ts'

/**
 * The band of work for this client at a moment: by the days to the wedding; a step may ask for more, never for less,
 * and one whose deadline is near is urgent whatever the season (adr/0006).
 */
export function bandOf(
  at: Instant,
  view: View,
  asked: Band | undefined,
  deadline: Instant | null = null,
): Band {
  const days = daysToWedding(at, view.anchors, view.wedding?.zone ?? view.vendor.zone)
  return withDeadline(atLeast(bandIn(days), asked), deadline, at)
}
