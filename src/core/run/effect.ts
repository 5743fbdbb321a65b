import type { Json, JsonObject, NodeId } from '../ids.ts'
import type { Instant } from '../time/instant.ts'
import type { MessageClass } from '../wedding/policy.ts'
import type { Band } from '../wedding/priority.ts'

/**
 * What a turn asks for. `change` effects are rows of our own house and are written in the same commit as the
 * run (I2). `send` effects leave the house: recorded first, attempted after, named by their key (I5, I10).
 */
export type Effect = SendEffect | ChangeEffect

export type SendEffect = {
  readonly do: 'send'
  /** Unique inside the run: node|visit|edition|ordinal|recipient. The effect key is its hash with vendor and run. */
  readonly name: string
  readonly node: NodeId
  readonly visit: number
  readonly edition: number
  readonly ordinal: number
  /** Who it is for, by reference (`partner_a`, `member:owner`, `person:<id>`); the address is read when it is sent. */
  readonly recipient: string
  /** What runs it: a registered module type, or the signed webhook of an action, or a note to the team. */
  readonly kind:
    | { readonly is: 'module'; readonly type: string; readonly version: number }
    | { readonly is: 'webhook' }
    | { readonly is: 'notify' }
  readonly channel: 'email' | 'sms' | 'webhook' | 'none'
  readonly class: MessageClass
  readonly delivery: 'at_most_once' | 'at_least_once'
  readonly band: Band
  readonly at: Instant
  readonly deadline: Instant | null
  /** The anchor this was planned by, and its generation: a later one makes it stale before it is sent. */
  readonly anchor: string | null
  readonly generation: number
  readonly merged?: readonly { readonly node: NodeId; readonly visit: number }[]
  /** A catch-up for a moment already past; at most one a day for each person. */
  readonly catchUp?: true
}

export type ChangeEffect =
  | { readonly do: 'set_stage'; readonly stage: string }
  | { readonly do: 'add_tag' | 'remove_tag'; readonly tag: string }
  | { readonly do: 'set_field'; readonly field: string; readonly value: Json }
  | {
      readonly do: 'open_task'
      readonly name: string
      readonly node: NodeId
      readonly visit: number
      readonly title: string
      readonly role: string
      readonly due: Instant | null
      readonly why: string
    }
  | { readonly do: 'close_task'; readonly name: string }
  | {
      readonly do: 'ask_approval'
      readonly name: string
      readonly node: NodeId
      readonly visit: number
      readonly role: string
      readonly until: Instant | null
      readonly ask: string
    }
  | { readonly do: 'close_approval'; readonly name: string }
  | { readonly do: 'start_journey' | 'stop_journey'; readonly journey: string; readonly name: string }
  | { readonly do: 'hold_journeys' | 'release_journeys'; readonly reason: string }
  /** Effects of this run that have not left the house are withdrawn; what was sent stays sent (I6). */
  | { readonly do: 'cancel_sends'; readonly names: readonly string[] | 'all'; readonly why: string }
  /** Something that is never silent: told on Today and to the alerts. */
  | { readonly do: 'raise'; readonly code: string; readonly node?: NodeId; readonly values: JsonObject }
