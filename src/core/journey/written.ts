import type { AnchorName } from '../wedding/anchor.ts'
import type { Amount, WaitRule } from '../wedding/wait-rule.ts'
import type { Condition } from './condition.ts'
import type { Journey, Node } from './graph.ts'
import type { Step } from './pointer.ts'

/** Where in a journey wait rules and conditions are written down: the one list that every reader of them uses. */

export type WrittenRule = { readonly rule: WaitRule; readonly inside: readonly Step[]; readonly use: RuleUse }
export type RuleUse = 'wait' | 'when' | 'timeout' | 'due'

export function rulesOf(node: Node): WrittenRule[] {
  const rules: WrittenRule[] = []
  const add = (use: RuleUse, rule: WaitRule | undefined, ...inside: Step[]): void => {
    if (rule) rules.push({ rule, inside, use })
  }
  if (node.kind === 'delay') add('wait', node.wait, 'wait')
  if (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval')
    add('when', node.when, 'when')
  if (node.kind === 'await' || node.kind === 'approval') add('timeout', node.timeout, 'timeout')
  if (node.kind === 'module') add('timeout', node.approval?.timeout, 'approval', 'timeout')
  if (node.kind === 'action' && 'task' in node.do) add('due', node.do.task.due, 'do', 'task', 'due')
  return rules
}

export type WrittenCondition = { readonly condition: Condition; readonly inside: readonly Step[] }

export function conditionsOf(node: Node): WrittenCondition[] {
  switch (node.kind) {
    case 'trigger':
      return node.if ? [{ condition: node.if, inside: ['if'] }] : []
    case 'condition':
      return node.cases.map((one, index) => ({ condition: one.if, inside: ['cases', index, 'if'] }))
    case 'await':
    case 'goal':
      return node.for.if ? [{ condition: node.for.if, inside: ['for', 'if'] }] : []
    default:
      return []
  }
}

export function leaveConditions(journey: Journey): WrittenCondition[] {
  return (journey.leaveOn ?? []).flatMap((leave, index) =>
    leave.on.if ? [{ condition: leave.on.if, inside: ['leaveOn', index, 'on', 'if'] }] : [],
  )
}

export type Leaf = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>
export type WrittenLeaf = {
  readonly leaf: Leaf
  readonly inside: readonly Step[]
  readonly depth: number
  /** What stands beside it under the same `all`: these hold as well wherever it counts. */
  readonly beside: readonly Condition[]
}

/** The leaves of a tree in the order they are written, without recursion. */
export function leavesOf({ condition, inside }: WrittenCondition): WrittenLeaf[] {
  const leaves: WrittenLeaf[] = []
  type Open = { condition: Condition; inside: readonly Step[]; depth: number; beside: readonly Condition[] }
  const todo: Open[] = [{ condition, inside, depth: 1, beside: [] }]
  for (let here = todo.pop(); here !== undefined; here = todo.pop()) {
    const { condition: tree, depth, beside } = here
    const below = (child: Condition, ...more: Step[]): Open => ({
      condition: child,
      inside: [...here!.inside, ...more],
      depth: depth + 1,
      beside,
    })
    if ('all' in tree) {
      const children = tree.all.map((child, i) => ({
        ...below(child, 'all', i),
        beside: [...beside, ...tree.all],
      }))
      todo.push(...children.reverse())
    } else if ('any' in tree) todo.push(...tree.any.map((child, i) => below(child, 'any', i)).reverse())
    else if ('not' in tree) todo.push(below(tree.not, 'not'))
    else leaves.push({ leaf: tree, inside: here.inside, depth, beside })
  }
  return leaves
}

/** Where a rule lies against its anchor, in days: −14 for "14 days before wedding". Null when it hangs on none. */
export function offsetOf(rule: WaitRule): { readonly anchor: AnchorName; readonly days: number } | null {
  if ('before' in rule) return { anchor: rule.of, days: -daysIn(rule.before) }
  if ('after' in rule && rule.of !== undefined && rule.of !== 'now') {
    return { anchor: rule.of, days: daysIn(rule.after) }
  }
  return null
}

/** Good enough to compare two steps by, never to plan one: months as 30.4 days, five business days as seven. */
export const daysIn = (amount: Amount): number =>
  (amount.minutes ?? 0) / 1_440 +
  (amount.hours ?? 0) / 24 +
  (amount.days ?? 0) +
  (amount.weeks ?? 0) * 7 +
  (amount.months ?? 0) * 30.4 +
  (amount.years ?? 0) * 365.25 +
  (amount.businessDays ?? 0) * 1.4
