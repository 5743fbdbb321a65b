import type { Json } from '../ids.ts'
import type { OutsideEvent } from '../run/event.ts'
import type { AnchorName } from '../wedding/anchor.ts'
import type { Comparison, Condition, EventPattern } from './condition.ts'
import { valueAt } from './pointer.ts'
import type { Leaf } from './written.ts'

/** Everything a condition may ask. What is not known is `undefined` or null, never a default. */
export type World = {
  fact(path: string): Json | undefined
  /** Whole calendar days until the anchor at the venue; null while its date is to be confirmed. */
  daysUntil(anchor: AnchorName): number | null
  /** How often an outside event of this type has come. */
  happened(type: string): number
}

/**
 * One comparison that decided, small enough for a Decision. Facts that may be personal are named by path
 * only: with a value beside it, "equal, and true" would give the answer away.
 */
export type Reason = {
  readonly fact?: string
  readonly daysUntil?: AnchorName
  readonly happened?: string
  readonly is: string
  readonly want?: Json
  readonly had?: Json
  readonly holds: boolean
  /** Nothing was known of it; `unfit`: what is known is not of a kind that can be so compared. */
  readonly because?: 'missing' | 'unfit'
}
export type Evaluation = { readonly verdict: boolean; readonly why: readonly Reason[] }

/**
 * Whether a condition holds, and the comparisons that made it so: all of them where all must hold, the first
 * that failed where one was enough. Comparing what is missing is false, whatever the comparison; so `not` of it
 * is true, which the linter warns about. Trees are shallow: their depth is bounded before they get here.
 */
export function evaluate(condition: Condition, world: World): Evaluation {
  if ('all' in condition) return decidedBy(condition.all, false, world)
  if ('any' in condition) return decidedBy(condition.any, true, world)
  if ('not' in condition) {
    const inner = evaluate(condition.not, world)
    return { verdict: !inner.verdict, why: inner.why }
  }
  const reason = judge(condition, world)
  return { verdict: reason.holds, why: [reason] }
}

/** The first child with this verdict decides; without one, all of them together do. */
function decidedBy(children: readonly Condition[], verdict: boolean, world: World): Evaluation {
  const why: Reason[] = []
  for (const child of children) {
    const answer = evaluate(child, world)
    if (answer.verdict === verdict) return answer
    why.push(...answer.why)
  }
  return { verdict: !verdict, why }
}

function judge(leaf: Leaf, world: World): Reason {
  if ('happened' in leaf) {
    const want = leaf.timesMin ?? 1
    const had = world.happened(leaf.happened)
    return { happened: leaf.happened, is: 'at_least', want, had, holds: had >= want }
  }
  if ('daysUntil' in leaf) {
    const named = { daysUntil: leaf.daysUntil, is: leaf.is, want: leaf.value }
    const had = world.daysUntil(leaf.daysUntil)
    if (had === null) return { ...named, holds: false, because: 'missing' }
    return {
      ...named,
      had,
      holds: leaf.is === 'equal' ? had === leaf.value : inOrder(leaf.is, had, leaf.value),
    }
  }
  const had = world.fact(leaf.fact) ?? null
  const named = { fact: leaf.fact, is: leaf.is }
  if (!('value' in leaf)) return { ...named, holds: (had !== null) === (leaf.is === 'known') }
  const told = isPersonal(leaf.fact) ? named : { ...named, want: leaf.value, ...(isSmall(had) && { had }) }
  if (had === null) return { ...told, holds: false, because: 'missing' }
  const holds = compare(leaf, had)
  return holds === null ? { ...told, holds: false, because: 'unfit' } : { ...told, holds }
}

const isPersonal = (fact: string): boolean => /^(answers|event|client\.fields)\./.test(fact)
const isSmall = (value: Json): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 100)

/** Null where the two cannot be compared. Text is found whatever its capitals; a tag is itself or not. */
function compare(leaf: Exclude<Comparison, { is: 'known' | 'missing' }>, had: Json): boolean | null {
  switch (leaf.is) {
    case 'equal':
      return same(had, leaf.value)
    case 'not_equal':
      return !same(had, leaf.value)
    case 'less':
    case 'at_most':
    case 'more':
    case 'at_least':
      return typeof had === 'number' ? inOrder(leaf.is, had, leaf.value) : null
    case 'one_of':
    case 'none_of': {
      const items = Array.isArray(had) ? had : [had]
      return items.some((item) => leaf.value.some((one) => same(item, one))) === (leaf.is === 'one_of')
    }
    case 'contains':
    case 'lacks': {
      if (typeof had === 'string') return includes(had, leaf.value) === (leaf.is === 'contains')
      return Array.isArray(had) ? had.includes(leaf.value) === (leaf.is === 'contains') : null
    }
    case 'starts_with':
      return typeof had === 'string' ? had.toLowerCase().startsWith(leaf.value.toLowerCase()) : null
  }
}

const includes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

function inOrder(is: 'less' | 'at_most' | 'more' | 'at_least', had: number, value: number): boolean {
  if (is === 'less') return had < value
  if (is === 'at_most') return had <= value
  return is === 'more' ? had > value : had >= value
}

/** Equal as JSON: the order of keys does not matter, the order of a list does. */
function same(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(valueAt(a, [key]) as Json, valueAt(b, [key]) as Json))
  )
}

/** Whether this event is the one somebody waits for; `event.…` facts are read from the event itself. */
export function matchesPattern(pattern: EventPattern, event: OutsideEvent, world: World): Evaluation {
  if (event.type !== pattern.event) return { verdict: false, why: [] }
  return pattern.if ? evaluate(pattern.if, within(event, world)) : { verdict: true, why: [] }
}

/** The world as it looks from inside an event. */
export function within(event: Pick<OutsideEvent, 'data'>, world: World): World {
  return {
    ...world,
    fact: (path) => {
      const [root, ...steps] = path.split('.')
      return root === 'event' ? (valueAt(event.data, steps) as Json | undefined) : world.fact(path)
    },
  }
}
