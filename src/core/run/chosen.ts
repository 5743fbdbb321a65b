import type { NodeId } from '../ids.ts'
import type { Graph, Node } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import type { Draft } from './draft.ts'
import type { Token } from './run.ts'
import { hasOwnMoment } from './step-facts.ts'

/**
 * What a person has decided about the steps of a moved wedding, before the walk comes to them. Nothing of it happens
 * at once: a move can be taken back, and its choices with it. A choice is used up when its step is left.
 */
export type Choice =
  /** Along with the date, also where the step would have asked. */
  | { readonly is: 'follow' }
  /** At this moment, whatever the date has become. */
  | { readonly is: 'keep'; readonly at: Instant }
  /** Left out when it comes. */
  | { readonly is: 'skip' }
  /** If it is late: this, whatever the step says. */
  | { readonly is: 'late'; readonly policy: LatePolicy }
export type Choices = { readonly [node: NodeId]: Choice }

export const choiceAt = (
  draft: Pick<Draft, 'state'>,
  token: Pick<Token, 'at' | 'side'>,
): Choice | undefined => (token.side ? undefined : draft.state.chosen?.by[token.at])

export const keptAt = (draft: Pick<Draft, 'state'>, token: Pick<Token, 'at' | 'side'>): Instant | null => {
  const choice = choiceAt(draft, token)
  return choice?.is === 'keep' ? choice.at : null
}

/** A step that is left out by choice is so when it is late as well. */
export function latePolicyChosen(draft: Pick<Draft, 'state'>, token: Token): LatePolicy | undefined {
  const choice = choiceAt(draft, token)
  if (choice?.is === 'skip') return 'skip'
  return choice?.is === 'late' ? choice.policy : undefined
}

/** Another day or place of the wedding asks about every step anew; another date of theirs only adds to what stands. */
const isMoved = (anchors: readonly string[]): boolean => anchors.includes('wedding') || anchors.includes('*')

/** A new move brings its own choices; taken back, those of the move before count again. */
export function takeChoices(
  draft: Draft,
  { choices, anchors, why }: { choices?: Choices | 'back'; anchors: readonly string[]; why: string },
): void {
  if (choices === undefined) return
  const { chosen } = draft.state
  const adds = !isMoved(anchors)
  if (choices === 'back') {
    // What was chosen with another date since goes with the move it was built on.
    const isTop = (chosen?.adds ?? false) === adds
    if (adds && !isTop) return
    if (isTop && chosen?.before) draft.state.chosen = chosen.before
    else delete draft.state.chosen
    return
  }
  const before = chosen && { who: chosen.who, by: chosen.by }
  const by = Object.fromEntries(
    Object.entries(choices).map(([node, choice]) => [
      momentOwner(draft.graph, node as NodeId, choice),
      choice,
    ]),
  )
  if (Object.keys(by).length === 0 && (adds || !before)) return
  draft.state.chosen = {
    who: why,
    by: adds ? { ...before?.by, ...by } : by,
    ...(adds ? { adds } : {}),
    ...(before ? { before } : {}),
  }
}

export function spendChoice(draft: Draft, token: Token): void {
  const { chosen } = draft.state
  if (token.side || chosen?.by[token.at] === undefined) return
  const { [token.at]: _, ...by } = chosen.by
  if (Object.keys(by).length === 0 && !chosen.before) delete draft.state.chosen
  else draft.state.chosen = { ...chosen, by }
}

/** The step whose rule makes the moment of this one: its own, or the wait right before it; null when it has none. */
export function momentOf(graph: Graph, id: NodeId): NodeId | null {
  const node = graph.node(id)
  if (!node) return null
  if (hasMoment(node)) return id
  const before = graph.journey.edges.filter((edge) => edge.to === id)
  const only = before.length === 1 ? graph.node(before[0]!.from) : undefined
  return only?.kind === 'delay' && hasMoment(only) ? only.id : null
}

const hasMoment = (node: Node): boolean =>
  node.kind === 'delay'
    ? !('every' in node.wait)
    : (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval') && hasOwnMoment(node)

const momentOwner = (graph: Graph, node: NodeId, choice: Choice): NodeId =>
  choice.is === 'keep' ? (momentOf(graph, node) ?? node) : node
