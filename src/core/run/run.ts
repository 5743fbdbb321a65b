import type { ClientId, JourneyId, Json, NodeId, RunId, VendorId, WeddingId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import type { Instant } from '../time/instant.ts'
import type { AnchorValue } from '../wedding/anchor.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import type { SingleWaitRule } from '../wedding/wait-rule.ts'
import type { Choices } from './chosen.ts'

/**
 * A run: one client travelling through one version of a journey. The whole of it is a value; `advance`
 * gives the next one. It carries references and small outputs, never a name, an address or a text.
 */
export type RunStatus = 'active' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled'
export const isFinished = (status: RunStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled'

export type Run = {
  readonly id: RunId
  readonly vendor: VendorId
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly journey: JourneyId
  readonly version: number
  readonly status: RunStatus
  readonly state: RunState
}

/** What changes as a run walks; stored as compact JSON. Absent optional parts are not stored. */
export type RunState = {
  readonly tokens: readonly Token[]
  /** How often a token has come to a node; the number of the current visit there. */
  readonly visits: { readonly [node: NodeId]: number }
  /** Steps taken in all, against STEPS_PER_RUN_MAX. */
  readonly steps: number
  readonly nextToken: number
  readonly startedAt: Instant
  /** Reasons nothing new may start: `paused` by a person, `hold:<reason>` by a journey or a conversation. */
  readonly holds?: readonly string[]
  /** What this run holds the couple's other journeys for. Whoever holds must stay able to let go. */
  readonly holding?: readonly string[]
  /** Small values later steps may ask for, by node. Never personal data. */
  readonly outputs?: { readonly [node: NodeId]: { readonly [key: string]: Json } }
  /** The facts of the event that started the run which conditions may ask for; personal ones stay with the event. */
  readonly startedBy?: {
    readonly event: string
    readonly type: string
    readonly depth: number
    readonly data: { readonly [key: string]: Json }
  }
  /** Repeats already taken at an `every` wait, and where its first round began. */
  readonly rounds?: { readonly [node: NodeId]: { readonly count: number; readonly from: Instant } }
  /** Messages left out because they were late, to be told inside the next one to the same recipient. */
  readonly merged?: readonly { readonly node: NodeId; readonly visit: number; readonly to: string }[]
  /** Sent messages whose move policy is `resend`: what was sent, for which generation of the anchor. */
  readonly resendable?: readonly Resendable[]
  /** Until when a move of the date may be undone; late steps wait for it. */
  readonly undoUntil?: Instant
  /** The wedding is called off: until then the run is held, and then it ends, unless that has been taken back. */
  readonly endsAt?: Instant
  /**
   * What a person chose with the last change of a date for single steps, and what they had chosen before; `adds`: with
   * a date beside the wedding's own, which leaves what was chosen with the move standing.
   */
  readonly chosen?: Chosen & { readonly adds?: boolean; readonly before?: Chosen }
  /** Items of a *for each* that wait for a free arm. */
  readonly queued?: readonly {
    readonly fork: NodeId
    readonly visit: number
    readonly items: readonly string[]
    readonly arms: readonly Arm[]
  }[]
  /** Type of each outside event this run has read and when, for goals that look back and `alsoPast` waits. */
  readonly heard?: { readonly [eventType: string]: Instant }
  /** Messages whose words a person has changed for this couple, by `node|visit`: where their words lie. */
  readonly edits?: { readonly [visit: string]: string }
  /** Questions of `alsoPast` waits that were answered before anybody asked, by node: their pattern held of an event. */
  readonly answered?: { readonly [node: NodeId]: Instant }
}

/** The visit a person means who speaks of a message that has not gone: the one that stands there, or the next. */
export function comingVisit(state: RunState, node: NodeId): number {
  const standing = state.tokens.find((token) => token.at === node && token.visit > 0)
  return standing?.visit ?? (state.visits[node] ?? 0) + 1
}
export const editOf = (state: RunState, node: string, visit: number): string | null =>
  state.edits?.[`${node}|${visit}`] ?? null

export type Chosen = { readonly who: string; readonly by: Choices }

export type Resendable = ReadAnchor & {
  readonly node: NodeId
  readonly visit: number
  readonly edition: number
}

export type ReadAnchor = {
  readonly anchor: string
  readonly generation: number
  /** What the anchor was: there and back again is no news to anybody. */
  readonly value: AnchorValue | null
}

/** Which arm of which fork a token walks; the innermost is last. */
export type Arm = {
  readonly fork: NodeId
  readonly visit: number
  /** The arm's exit name, or the item of a *for each*. */
  readonly arm: string
}

export type Standing = {
  readonly id: number
  readonly at: NodeId
  /** 0 until the node has been entered. */
  readonly visit: number
  readonly arms?: readonly Arm[]
  /** A wait before this step ended in the past: the next step that acts is judged by its late policy. */
  readonly late?: Instant
  /** A wait before this step was over long ago because something was down: a human sees to the step. */
  readonly overdue?: Instant
  /** What the late wait itself says should become of the step behind it; `over`: what it counted down to has begun. */
  readonly lateBy?: LatePolicy | 'over'
  /** Sends one message anew and ends there; the walk itself has long gone on. */
  readonly side?: true
  /** A message behind this late one had to go first: the walk has gone on to it, and this ends with its own. */
  readonly overtaken?: true
  /** A person has said yes to this message. */
  readonly approved?: true
  /** Who has had this message already: a step that is planned anew writes only to the others (I6). */
  readonly told?: readonly string[]
  /** Its message was on its way when a change of the date took it back. */
  readonly recalled?: Instant
}

export type Token = Standing & TokenState
export type TokenState =
  /** Has work now: just begun, yielded after too many pure steps, or released. */
  | { readonly is: 'ready' }
  /**
   * Stands until a moment that is derived from a rule: the node's own, or `rule` where a person snoozed it.
   * `due` null: the anchor is unknown, the token is parked. `nominal` is link 1 of the chain.
   */
  | {
      readonly is: 'waiting'
      readonly for: 'moment' | 'window' | 'undo' | 'snooze'
      readonly due: Instant | null
      readonly nominal: Instant | null
      readonly anchor?: string
      readonly generation: number
      /** When it was come to, where the rule counts from there. */
      readonly since?: Instant
      readonly rule?: SingleWaitRule
    }
  | {
      readonly is: 'awaiting'
      readonly since: Instant
      readonly until: Instant | null
      readonly anchor?: string
      readonly generation: number
    }
  /** Effects are on their way; their local names, and the results that have come in. */
  | {
      readonly is: 'acting'
      readonly effects: readonly string[]
      readonly results?: { readonly [effect: string]: string }
      readonly edition?: number
      /** The date the message was written for, where its move policy is `resend`. */
      readonly read?: ReadAnchor
    }
  | {
      readonly is: 'gated'
      readonly by: 'task' | 'approval'
      readonly gate: string
      readonly until: Instant | null
      readonly since?: Instant
    }
  /** Arrived at a join, waits for its siblings. */
  | { readonly is: 'joining' }
  | { readonly is: 'stuck'; readonly problem: Problem; readonly since: Instant }

/** Whether some step of this run waits for what becomes of the message. */
export const waitsFor = ({ state }: Pick<Run, 'state'>, name: string): boolean =>
  state.tokens.some((token) => token.is === 'acting' && token.effects.includes(name))
