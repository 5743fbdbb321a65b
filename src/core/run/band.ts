import type { Instant } from '../time/instant.ts'
import { atLeast, type Band, daysToWedding, urgencyOf } from '../wedding/priority.ts'
import type { View } from './view.ts'

/** The band of work for this client at a moment: by the days to the wedding; a step may ask for more, never for less. */
export const bandOf = (at: Instant, view: View, asked: Band | undefined): Band =>
  atLeast(urgencyOf(daysToWedding(at, view.anchors, view.wedding?.zone ?? view.vendor.zone)).band, asked)
