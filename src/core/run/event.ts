import type { EventId, Json, JsonObject, NodeId } from '../ids.ts'
import type { Instant } from '../time/instant.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import type { Choices } from './chosen.ts'

/** Everything that can make a run take a turn. In `advance`, now is `event.at`. */
export type RunEvent =
  /** Time has passed: whatever is due is due, and tokens that yielded go on. */
  | { readonly is: 'due'; readonly at: Instant }
  | { readonly is: 'happened'; readonly at: Instant; readonly event: OutsideEvent }
  | { readonly is: 'settled'; readonly at: Instant; readonly effect: string; readonly outcome: Outcome }
  | { readonly is: 'task_done'; readonly at: Instant; readonly name: string; readonly by: string }
  | {
      readonly is: 'approval_answered'
      readonly at: Instant
      readonly name: string
      readonly answer: 'approved' | 'skipped'
      readonly by: string
    }
  /**
   * Anchors, zone, calendar or zone data changed; the new ones are in the view. `withdrawn` names effects that hung on
   * them and had not left the house.
   */
  | {
      readonly is: 'details_changed'
      readonly at: Instant
      readonly anchors: readonly string[]
      readonly why: string
      readonly undoUntil: Instant | null
      readonly withdrawn?: readonly string[]
      /** It is this change that calls the wedding off. */
      readonly calledOff?: true
      /** No date has moved: the journey has another version, whose rules count from now on. */
      readonly published?: true
      /** When the change was made that this one takes back. */
      readonly takesBack?: Instant
      /** What a person wants of single steps; `back` with a move that is taken back. */
      readonly choices?: Choices | 'back'
    }
  | { readonly is: 'held'; readonly at: Instant; readonly reason: string }
  | { readonly is: 'released'; readonly at: Instant; readonly reason: string }
  | { readonly is: 'commanded'; readonly at: Instant; readonly by: string; readonly command: Command }

export type OutsideEvent = {
  readonly id: EventId
  readonly type: string
  readonly at: Instant
  /** Small facts that conditions may ask for. Personal data is never among them: it lies sealed elsewhere. */
  readonly data: JsonObject
  /** How many journeys and own webhooks lie between this event and the outside world. */
  readonly depth: number
}
export const CAUSE_DEPTH_MAX = 8

/** What became of an effect, as the run is told. The exit is one of the module type's, or `failed`. */
export type Outcome =
  | { readonly is: 'done'; readonly exit: string; readonly outputs?: { readonly [key: string]: Json } }
  | { readonly is: 'failed'; readonly cause: string; readonly permanent: boolean }
  /** Nobody can know whether it arrived; shown, never silent. */
  | { readonly is: 'unresolved'; readonly cause: string }
  | { readonly is: 'suppressed'; readonly cause: string }
  /** It must not be sent as it is (a field without a value); a person has to look. */
  | { readonly is: 'blocked'; readonly code: string; readonly message: string }
  /**
   * Not sent, to be planned anew: the date moved between plan and send, or a hold kept it there; then since when it
   * was to go.
   */
  | { readonly is: 'stale'; readonly heldUpSince?: Instant }

/** Which branch is meant, and at which step: one that has gone on meanwhile is left alone. */
type Meant = { readonly token?: number; readonly node?: NodeId }
export type Command =
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'stop'; readonly reason: string }
  | ({ readonly do: 'snooze'; readonly until: Instant } & Meant)
  | ({ readonly do: 'skip' } & Meant)
  | ({ readonly do: 'do_now' } & Meant)
  | ({ readonly do: 'jump'; readonly to: NodeId } & Meant)
  | ({ readonly do: 'retry' } & Meant)
  | { readonly do: 'restart' }
  /** This couple gets other words at the coming visit of a step; the words lie sealed under `edit`. */
  | { readonly do: 'edit'; readonly node: NodeId; readonly edit: string }
  /** The answer to a moved step that asks, or to a late step: what to do with it. */
  | { readonly do: 'decide'; readonly token: number; readonly choice: LatePolicy | 'follow' | 'keep' }
