import { joinBehind } from '../journey/branches.ts'
import { type NodeOf, TOKENS_MAX, waysFrom } from '../journey/graph.ts'
import { change, closeGates, type Draft, decide, endToken, leave, put, stick } from './draft.ts'
import type { Arm, Standing, Token } from './run.ts'

/**
 * Branches that are walked at once. A token knows the arms it walks, innermost last; a join gathers the arms
 * of the innermost fork. An arm that ended without reaching the join is not waited for.
 */
export function openFork(draft: Draft, token: Token, node: NodeOf<'fork'>): void {
  const items = node.each ? itemsOf(draft, node.each) : (node.arms ?? [])
  if (items.length === 0) {
    decide(draft, 'forked', token, { arms: 0 })
    return passEmptyFork(draft, token, node)
  }
  const atOnce = node.each ? (node.atOnceMax ?? TOKENS_MAX) : items.length
  const room = TOKENS_MAX - (liveTokens(draft) - 1)
  if (!node.each && items.length > room) {
    return stick(draft, token, {
      code: 'too_many_tokens',
      severity: 'error',
      message: `This fork would make ${liveTokens(draft) - 1 + items.length} branches live at once; at most ${TOKENS_MAX} may be.`,
      path: '',
      node: node.id,
    })
  }
  const started = items.slice(0, Math.max(1, Math.min(atOnce, room)))
  const waiting = items.slice(started.length)
  draft.tokens = draft.tokens.filter((one) => one.id !== token.id)
  decide(draft, 'forked', token, { arms: items.length })
  const outer = token.arms ?? []
  for (const item of started)
    spawnArm(draft, node, { fork: node.id, visit: token.visit, arm: item }, outer, token)
  if (waiting.length > 0) {
    draft.state.queued = [
      ...(draft.state.queued ?? []),
      { fork: node.id, visit: token.visit, items: waiting, arms: outer },
    ]
    decide(draft, 'arm_queued', token, { waiting: waiting.length })
  }
  gatherArms(draft)
}

/** Nobody to do it for: the walk goes on behind the join that gathers these arms, or ends. */
function passEmptyFork(draft: Draft, token: Token, node: NodeOf<'fork'>): void {
  const join = joinBehind(draft.graph, waysFrom(draft.graph, node.id))
  if (join === null) return endToken(draft, token)
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? { ...one, at: join } : one))
  leave(draft, { ...token, at: join }, 'next')
}

function itemsOf(draft: Draft, each: NonNullable<NodeOf<'fork'>['each']>): readonly string[] {
  const refs = draft.view.people.map((person) => person.ref)
  if (each === 'partner') return refs.filter((ref) => ref.startsWith('partner_'))
  if (each === 'vendor') return refs.filter((ref) => ref.startsWith('vendor:'))
  return refs.filter((ref) => ref.startsWith(`guest:${each.guestsOf}`))
}

/** A wait before the fork that came too late is answered for in every arm. */
function spawnArm(
  draft: Draft,
  node: NodeOf<'fork'>,
  arm: Arm,
  outer: readonly Arm[],
  from: Pick<Standing, 'late' | 'overdue' | 'lateBy'>,
): void {
  const to = draft.graph.next(node.id, node.each ? 'each' : arm.arm)
  if (to === null) return
  const { late, overdue, lateBy } = from
  draft.tokens.push({
    id: draft.state.nextToken,
    at: to,
    visit: 0,
    is: 'ready',
    arms: [...outer, arm],
    ...(late !== undefined ? { late } : {}),
    ...(overdue !== undefined ? { overdue } : {}),
    ...(lateBy ? { lateBy } : {}),
  })
  draft.state.nextToken += 1
}

export function arriveAtJoin(draft: Draft, token: Token, node: NodeOf<'join'>): void {
  const arm = token.arms?.at(-1)
  if (!arm) return leave(draft, token, 'next')
  if (node.mode === 'first') {
    const siblings = siblingsOf(draft, token, arm)
    cancelArms(draft, siblings, arm, 'other_arm_was_first')
    decide(draft, 'joined', token, { mode: 'first', cancelled: siblings.length })
    return leave(draft, outOfArm(draft, token), 'next')
  }
  decide(draft, 'join_waits', token, { arm: arm.arm })
  // One stands for all that have arrived: the places of the others are free for arms that wait in a queue.
  const stands = draft.tokens.some(
    (one) => one.id !== token.id && one.at === token.at && hasArrived(one, arm),
  )
  if (stands) draft.tokens = draft.tokens.filter((one) => one.id !== token.id)
  else put(draft, token, { is: 'joining' })
}

/** Starts queued arms where one has become free and lets joins go whose arms have all arrived or ended. */
export function gatherArms(draft: Draft): void {
  for (const queue of draft.state.queued ?? []) startQueued(draft, queue)
  const queued = (draft.state.queued ?? []).filter((queue) => queue.items.length > 0)
  if (queued.length > 0) draft.state.queued = queued
  else delete draft.state.queued
  for (const token of draft.tokens) {
    if (token.is !== 'joining') continue
    const arm = token.arms?.at(-1)
    if (!arm || !draft.tokens.includes(token)) continue
    const siblings = draft.tokens.filter((one) => walks(one, arm))
    // Arms that have come to another join of the same fork will not come here any more.
    if (
      siblings.some((one) => !hasArrived(one, arm)) ||
      queued.some((queue) => queue.fork === arm.fork && queue.visit === arm.visit)
    )
      continue
    decide(draft, 'joined', token, { mode: 'all' })
    leave(draft, outOfArm(draft, token), 'next')
  }
}

function startQueued(draft: Draft, queue: NonNullable<Draft['state']['queued']>[number]): void {
  const node = draft.graph.node(queue.fork)
  if (node?.kind !== 'fork') return
  const own = { fork: queue.fork, visit: queue.visit, arm: '' }
  const walking = draft.tokens.filter((one) => walks(one, own) && !hasArrived(one, own))
  const armsWalked = new Set(walking.map((one) => one.arms?.find((arm) => isSameFork(arm, own))?.arm)).size
  const atOnce = node.atOnceMax ?? TOKENS_MAX
  const free = Math.max(0, Math.min(atOnce - armsWalked, TOKENS_MAX - liveTokens(draft)))
  if (free === 0) return
  for (const item of queue.items.slice(0, free)) spawnArm(draft, node, { ...own, arm: item }, queue.arms, {})
  draft.state.queued = (draft.state.queued ?? []).map((one) =>
    one === queue ? { ...queue, items: queue.items.slice(free) } : one,
  )
}

/** Those that walk: who waits in a join, or sends one message anew beside the walk, takes no place. */
export const liveTokens = (draft: Draft): number =>
  draft.tokens.filter((one) => one.is !== 'joining' && !one.side).length

const isSameFork = (a: Arm, b: Arm): boolean => a.fork === b.fork && a.visit === b.visit

const walks = (token: Token, arm: Arm): boolean => token.arms?.some((one) => isSameFork(one, arm)) ?? false

const siblingsOf = (draft: Draft, token: Token, arm: Arm): Token[] =>
  draft.tokens.filter((one) => one.id !== token.id && walks(one, arm))

/** Stands in a join of this very fork, not of one inside it. */
function hasArrived(token: Token, arm: Arm): boolean {
  const innermost = token.arms?.at(-1)
  return token.is === 'joining' && innermost !== undefined && isSameFork(innermost, arm)
}

const outOfArm = (draft: Draft, token: Token): Token => inArms(draft, token, token.arms?.slice(0, -1) ?? [])

export function inArms(draft: Draft, token: Token, arms: readonly Arm[]): Token {
  const { arms: _, ...rest } = token
  const next = (arms.length > 0 ? { ...rest, arms } : rest) as Token
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? next : one))
  return next
}

/** One has left the fork by itself; nobody else goes on behind it. */
export function endOtherArms(draft: Draft, token: Token, arm: Arm): void {
  cancelArms(draft, siblingsOf(draft, token, arm), arm, 'other_arm_jumped')
}

function cancelArms(
  draft: Draft,
  siblings: readonly Token[],
  arm: Arm,
  why: 'other_arm_was_first' | 'other_arm_jumped',
): void {
  const names = siblings.flatMap((one) => (one.is === 'acting' ? one.effects : []))
  if (names.length > 0) change(draft, { do: 'cancel_sends', names, why })
  closeGates(draft, siblings)
  for (const one of siblings) decide(draft, 'arm_cancelled', one, { why })
  draft.tokens = draft.tokens.filter((one) => !siblings.includes(one))
  const isInside = (queue: Pick<Arm, 'fork' | 'visit'>): boolean =>
    queue.fork === arm.fork && queue.visit === arm.visit
  const queued = (draft.state.queued ?? []).filter((queue) => !isInside(queue) && !queue.arms.some(isInside))
  if (queued.length > 0) draft.state.queued = queued
  else delete draft.state.queued
}
