import type { NodeId } from '../../ids.ts'
import type { MessageClass } from '../../wedding/policy.ts'
import type { Node, NodeOf, RecipientRule } from '../graph.ts'
import type { Outline } from '../outline.ts'
import type { Patch } from '../patch.ts'
import { pointerTo, type Step } from '../pointer.ts'
import { reachable } from '../walk.ts'
import { conditionsOf, type Leaf, leavesOf } from '../written.ts'

export type LintRule = {
  readonly code: string
  /** One line for the list of rules in the documentation and the designer. */
  readonly about: string
  readonly find: (outline: Outline) => readonly Finding[]
}
export type Finding = {
  /** Null where the journey as a whole is meant. */
  readonly node: Node | null
  readonly message: string
  readonly inside?: readonly Step[]
  readonly fix?: { readonly label: string; readonly change: Patch }
}

export type Message = NodeOf<'module'>

/** Module nodes that write to somebody. */
export const messagesOf = (outline: Outline): Message[] =>
  outline.journey.nodes.filter((node): node is Message => {
    const channel = node.kind === 'module' ? outline.moduleType(node)?.channel : undefined
    return channel === 'email' || channel === 'sms'
  })

export const classOf = (outline: Outline, message: Message): MessageClass =>
  message.class ?? outline.moduleType(message)?.class ?? 'relationship'

export const pathIn = (outline: Outline, node: Node, ...inside: readonly Step[]): string =>
  pointerTo('nodes', outline.indexOf(node.id), ...inside)

/** Whether two rules can mean the same person's inbox. */
export function samePerson(a: RecipientRule | undefined, b: RecipientRule | undefined): boolean {
  const [one, other] = [a ?? 'couple', b ?? 'couple']
  if (typeof one === 'object' || typeof other === 'object')
    return JSON.stringify(one) === JSON.stringify(other)
  const isPartner = (who: string): boolean => who === 'partner_a' || who === 'partner_b'
  return one === other || (one === 'couple' && isPartner(other)) || (other === 'couple' && isPartner(one))
}

/**
 * The nodes a token can come to without ever being asked: everything reachable while no condition that
 * mentions what `asks` recognises is passed. Empty when the trigger or a way out already asks.
 */
export function unasked(outline: Outline, asks: (leaf: Leaf) => boolean): Set<NodeId> {
  const isGuard = (node: Node): boolean =>
    (node.kind === 'condition' || node.kind === 'trigger') &&
    conditionsOf(node).some((written) => leavesOf(written).some(({ leaf }) => asks(leaf)))
  const { trigger } = outline
  if (!trigger || isGuard(trigger)) return new Set()
  return reachable([trigger.id], (id) => {
    const node = outline.node(id)
    return node && isGuard(node) ? [] : outline.ways(id).map((way) => way.to)
  })
}
