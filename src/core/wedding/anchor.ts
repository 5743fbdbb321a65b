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

/**
 * `value` null means the date is to be confirmed; `unset` that nothing is written down any more, so that what an event
 * has left counts again. `generation` grows with every change, also back again.
 */
export type Anchor = { value: AnchorValue | null; generation: number; unset?: true }
export type Anchors = { readonly [name: AnchorName]: Anchor }

/** What is written down with the wedding counts before what an event has left. */
export function anchorsTogether(left: Anchors, written: Anchors): Anchors {
  const together: { [name: AnchorName]: Anchor } = { ...left, ...written }
  for (const [name, { unset, generation }] of Object.entries(written)) {
    const other = left[name]
    if (unset && other) together[name] = { value: other.value, generation: generation + other.generation }
  }
  return together
}
