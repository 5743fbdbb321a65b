import type { NodeId } from '../ids.ts'
import { type Branch, branchesAround, isInBranch } from '../journey/branches.ts'
import { called } from '../journey/outline.ts'
import { type Draft, decide, moveTo, withdraw, withoutLate } from './draft.ts'
import { endOtherArms, inArms } from './fork.ts'
import type { Arm, Token } from './run.ts'

/**
 * A person sends a walk on at another step. Branches stay branches: whoever leaves a fork takes the whole walk with
 * them, or the others would come to what lies behind the join as well and do it a second time (I5); and whoever
 * comes into one walks it as its arm, or its join would take them for somebody else.
 */
export function jump(draft: Draft, token: Token, to: NodeId, by: string): string | null {
  const target = draft.graph.node(to)
  if (!target) return `This version has no step ${to}.`
  if (token.side || token.overtaken)
    return 'This message is sent beside the journey, which has gone on: only what walks on can jump.'
  const walked = token.arms ?? []
  const stays = walked.findLastIndex((arm) => holds(draft, arm, to)) + 1
  const left = walked[stays]
  if (left && otherArms(draft, left).some((arm) => isInBranch(draft.graph, arm, to)))
    return `${called(target)} lies in another branch, which is walked by itself. Jump within this branch, or past where they meet.`
  const entered = branchesAround(draft.graph, to).slice(stays)
  const each = entered.find(({ fork }) => fork.each)
  if (each) return `${called(target)} is done for each of several. Jump to ${called(each.fork)}.`
  withdraw(draft, token)
  decide(draft, 'jumped', token, { by, to })
  if (left) endOtherArms(draft, token, left)
  const arms = [...walked.slice(0, stays), ...entered.map((branch) => begunArm(draft, branch))]
  moveTo(draft, inArms(draft, withoutLate(draft, token), arms), to)
  return null
}

function holds(draft: Draft, arm: Arm, to: NodeId): boolean {
  const fork = forkOf(draft, arm)
  return fork !== null && isInBranch(draft.graph, { fork, arm: arm.arm }, to)
}

function otherArms(draft: Draft, arm: Arm): readonly Branch[] {
  const fork = forkOf(draft, arm)
  return (fork?.arms ?? []).filter((name) => name !== arm.arm).map((name) => ({ fork: fork!, arm: name }))
}

function forkOf(draft: Draft, arm: Arm) {
  const fork = draft.graph.node(arm.fork)
  return fork?.kind === 'fork' ? fork : null
}

/** A visit of its own: whoever stands in a join of an earlier one is no sibling. */
function begunArm(draft: Draft, { fork, arm }: Branch): Arm {
  const visit = (draft.state.visits[fork.id] ?? 0) + 1
  draft.state.visits = { ...draft.state.visits, [fork.id]: visit }
  return { fork: fork.id, visit, arm }
}
