import type { Json, NodeId } from '../ids.ts'
import { type Instant, instant } from '../time/instant.ts'
import { failStep } from './act.ts'
import { type Draft, decide, leave, leaveOrdinarily, nodeOf, put, raise, standAs, stick } from './draft.ts'
import { countVisit } from './enter.ts'
import type { Outcome } from './event.ts'
import { planAgain, planResends, remember } from './replan.ts'
import type { Token } from './run.ts'

/**
 * What became of a step's effects. A step may write to several people: it is over when all of its effects have
 * settled, and nobody who has had the message gets it again because of what happened to another's.
 */
type Acting = Token & { is: 'acting' }

export function readSettled(draft: Draft, effect: string, outcome: Outcome): void {
  const token = draft.tokens.find((one) => one.is === 'acting' && one.effects.includes(effect))
  if (token?.is !== 'acting' || token.results?.[effect] !== undefined) {
    // Its step was skipped, jumped over or cancelled meanwhile; the effect's own row keeps what became of it.
    return decide(draft, 'ignored_event', null, { effect, outcome: outcome.is })
  }
  tellOutcome(draft, token, effect, outcome)
  if (outcome.is === 'done' && outcome.outputs) keepOutputs(draft, token.at, outcome.outputs)
  conclude(draft, noteResults(draft, token, { [effect]: resultOf(outcome) }))
}

function resultOf(outcome: Outcome): string {
  switch (outcome.is) {
    case 'done':
      return `done:${outcome.exit}`
    case 'blocked':
      return `blocked:${outcome.code}:${outcome.message}`
    case 'failed':
    case 'suppressed':
      return `${outcome.is}:${outcome.cause}`
    case 'stale':
      return outcome.heldUpSince === undefined ? 'stale' : `stale:${outcome.heldUpSince}`
    default:
      return outcome.is
  }
}

export function noteResults(
  draft: Draft,
  token: Acting,
  more: { readonly [effect: string]: string },
): Acting {
  const { effects, edition, read } = token
  const results = { ...token.results, ...more }
  return put(draft, token, {
    is: 'acting',
    effects,
    results,
    ...(edition ? { edition } : {}),
    ...(read ? { read } : {}),
  }) as Acting
}

/** Goes on when every effect has settled. */
export function conclude(draft: Draft, token: Acting): void {
  const results = token.effects.map((name) => token.results?.[name])
  if (results.includes(undefined)) return
  const has = (kind: string): boolean =>
    results.some((result) => result === kind || result?.startsWith(`${kind}:`))
  const step = has('done') || has('unresolved') ? writtenTo(draft, token) : token
  if (has('done')) rememberForResend(draft, step)
  // Whoever was refused is asked anew under a new visit: the old name has been used.
  if (has('stale')) {
    const again = has('failed') || has('suppressed') ? countVisit(draft, step) : step
    planAgain(draft, again, heldUpSince(results))
  } else if (has('blocked')) stickBlocked(draft, step)
  else goOn(draft, step, has)
  if (step.read) planResends(draft, new Set([step.read.anchor]))
}

/** Null where it is not a hold alone that kept it. */
function heldUpSince(results: readonly (string | undefined)[]): Instant | null {
  const stale = results.flatMap((one) => (one?.startsWith('stale') ? [one.slice('stale:'.length)] : []))
  return stale.includes('') ? null : instant(Math.min(...stale.map(Number)))
}

/** The recipient is the last part of an effect's name. */
const recipientIn = (effect: string): string => effect.split('|').slice(4).join('|')

/** Also those of whom nobody can know: a second message is worse than a question. */
function writtenTo(draft: Draft, token: Acting): Acting {
  const done = token.effects.filter((name) => /^(done:|unresolved$)/.test(token.results?.[name] ?? ''))
  return standAs(draft, token, { told: [...(token.told ?? []), ...done.map(recipientIn)] }) as Acting
}

function stickBlocked(draft: Draft, token: Acting): void {
  const blocked =
    token.effects
      .map((name) => token.results?.[name] ?? '')
      .find((result) => result.startsWith('blocked:')) ?? ''
  const [, code = 'blocked', ...message] = blocked.split(':')
  stick(draft, token, { code, severity: 'error', message: message.join(':'), path: '', node: token.at })
}

/** One who was reached decides the way: the ordinary exit before the others, whoever answered first. */
function goOn(draft: Draft, token: Acting, has: (kind: string) => boolean): void {
  const node = nodeOf(draft, token)
  if (token.side) return leave(draft, token, 'next')
  if (has('done')) {
    const exits: readonly string[] = draft.graph.exits(node)
    const taken = Object.values(token.results ?? {}).flatMap((one) =>
      one.startsWith('done:') ? [one.slice('done:'.length)] : [],
    )
    const exit = exits.find((one) => taken.includes(one)) ?? taken[0] ?? 'next'
    return leave(draft, token, node.kind === 'action' ? 'next' : exit)
  }
  if (token.told) return leaveOrdinarily(draft, token)
  const [first = 'failed'] = Object.values(token.results ?? {})
  const cause = first.slice(first.indexOf(':') + 1)
  if (node.kind === 'module' || node.kind === 'action') return failStep(draft, token, node, cause)
  leaveOrdinarily(draft, token)
}

/** Where others were told by this step before, the older of both dates counts: whoever knows that one must hear the new. */
function rememberForResend(draft: Draft, token: Acting): void {
  if (!token.read) return
  const known = draft.state.resendable?.find((one) => one.node === token.at)
  const isSame = known !== undefined && (token.side === true || known.visit === token.visit)
  const edition = Math.max(token.edition ?? 1, isSame ? known.edition : 1)
  const { anchor, generation, value } =
    isSame && !token.side && known.generation < token.read.generation ? known : token.read
  remember(draft, { node: token.at, visit: token.visit, edition, anchor, generation, value })
}

export function keepOutputs(draft: Draft, node: NodeId, outputs: { readonly [key: string]: Json }): void {
  if (Object.keys(outputs).length === 0) return
  draft.state.outputs = { ...draft.state.outputs, [node]: outputs }
}

function tellOutcome(draft: Draft, token: Token, effect: string, outcome: Outcome): void {
  switch (outcome.is) {
    case 'done':
      return decide(draft, 'sent', token, { effect, exit: outcome.exit })
    case 'failed':
      decide(draft, 'refused', token, { effect, cause: outcome.cause })
      return raise(draft, 'failed_send', token, { effect, cause: outcome.cause })
    case 'unresolved':
      decide(draft, 'unresolved', token, { effect, cause: outcome.cause })
      return raise(draft, 'unresolved', token, { effect, cause: outcome.cause })
    case 'suppressed':
      return decide(draft, 'suppressed', token, { effect, cause: outcome.cause })
    default:
      return
  }
}
