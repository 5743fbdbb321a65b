import type { NodeId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { CONDITION_DEPTH_MAX, CONDITION_LEAVES_MAX } from './condition.ts'
import { didYouMean } from './nearest.ts'
import { called, type Outline, problemAt } from './outline.ts'
import { pointerTo } from './pointer.ts'
import { conditionsOf, leaveConditions, leavesOf, type WrittenCondition } from './written.ts'

const CLIENT_FACTS = ['stage', 'tags', 'language', 'fields']
const WEDDING_FACTS = ['status', 'guests', 'region']
const VENDOR_FACTS = ['type', 'region']

/** Conditions small enough to be understood, about facts that exist. */
export function checkConditions(outline: Outline, forms: readonly string[] | undefined): Problem[] {
  const problems: Problem[] = []
  const judge = (written: WrittenCondition, owner: string, tell: (found: Found) => void): void => {
    const leaves = leavesOf(written)
    if (leaves.length > CONDITION_LEAVES_MAX) {
      const message = `The condition of ${owner} compares ${leaves.length} things; ${CONDITION_LEAVES_MAX} are allowed. Split it over two nodes.`
      tell({ code: 'condition_too_large', message, inside: written.inside })
    }
    if (leaves.some((leaf) => leaf.depth > CONDITION_DEPTH_MAX)) {
      const message = `The condition of ${owner} is nested deeper than ${CONDITION_DEPTH_MAX} levels. Flatten it.`
      tell({ code: 'condition_too_deep', message, inside: written.inside })
    }
    for (const { leaf, inside } of leaves) {
      const message = 'fact' in leaf ? unknownFact(outline, leaf.fact, forms) : null
      if (message !== null) tell({ code: 'unknown_fact', message, inside: [...inside, 'fact'] })
    }
  }
  for (const node of outline.journey.nodes) {
    for (const written of conditionsOf(node)) {
      judge(written, called(node), (found) => problems.push(problemAt(outline, node, found)))
    }
  }
  for (const written of leaveConditions(outline.journey)) {
    judge(written, 'the way out', ({ code, message, inside }) =>
      problems.push({ code, severity: 'error', message, path: pointerTo(...inside) }),
    )
  }
  return problems
}

type Found = { code: string; message: string; inside: WrittenCondition['inside'] }

/** Why a path names nothing, or null. What a custom field or an event carries only their senders know. */
function unknownFact(outline: Outline, fact: string, forms: readonly string[] | undefined): string | null {
  const [root, name = '', ...rest] = fact.split('.')
  const among = (known: readonly string[], extra: number): string | null => {
    if (!known.includes(name))
      return `There is no fact "${fact}".${didYouMean(name, known) || ` Known are ${known.join(', ')}.`}`
    return rest.length === extra
      ? null
      : `"${fact}" is not the name of one fact. Write "${root}.${name}${extra ? '.<key>' : ''}".`
  }
  switch (root) {
    case 'client':
      return among(CLIENT_FACTS, name === 'fields' ? 1 : 0)
    case 'wedding':
      return among(WEDDING_FACTS, 0)
    case 'vendor':
      return among(VENDOR_FACTS, 0)
    case 'answers':
      if (rest.length !== 1) return `An answer is named by form and field: "answers.${name}.<field>".`
      if (forms && !forms.includes(name)) return `There is no form "${name}".${didYouMean(name, forms)}`
      return null
    case 'outputs': {
      const ids = outline.journey.nodes.map((node) => node.id)
      if (rest.length !== 1) return `An output is named by node and key: "outputs.${name}.<key>".`
      return outline.node(name as NodeId) ? null : `No node is called "${name}".${didYouMean(name, ids)}`
    }
    default:
      return null
  }
}
