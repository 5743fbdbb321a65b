import type { Instant } from '../time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../time/local.ts'

/**
 * A date a rule can hang on. `wedding`, `booking`, `inquiry`, `first_payment` and `gallery_published` are
 * known to everyone; the others are `due:<name>`, `meeting:<name>` and `custom:<name>`.
 */
export type AnchorName = string

/** What is known of an anchor: a day, a day with its hour and place, or a moment that has been recorded. */
export type AnchorValue =
  | { is: 'day'; on: LocalDate }
  | { is: 'hour'; on: LocalDate; at: LocalTime; zone: Zone }
  | { is: 'moment'; at: Instant }

/** `value` null means the date is to be confirmed. `generation` grows with every change, also back again. */
export type Anchor = { value: AnchorValue | null; generation: number }
export type Anchors = { readonly [name: AnchorName]: Anchor }
