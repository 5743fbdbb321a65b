import type { NodeId } from '../ids.ts'
import { type Graph, type NodeOf, type RecipientRule, waysFrom } from '../journey/graph.ts'
import type { Draft } from './draft.ts'
import type { Token } from './run.ts'
import type { PersonView } from './view.ts'

/** The people a step speaks to, by reference. One address shared by both partners is written to once (I5). */
export function recipientsOf(draft: Draft, token: Token, node: NodeOf<'module'>): readonly PersonView[] {
  const channel = draft.graph.moduleType(node).channel
  const people = draft.view.people.filter((person) => isMeant(node.to ?? 'couple', person, token))
  if (channel !== 'email' && channel !== 'sms') return people
  const seen = new Set<string>()
  const reachable = people.filter((person) => person.reach[channel] !== undefined)
  // A couple is reached when one of them is; the other is not an error.
  const wanted = reachable.length > 0 && (node.to ?? 'couple') === 'couple' ? reachable : people
  return wanted.filter((person) => {
    const mark = person.reach[channel] ?? `nowhere:${person.ref}`
    if (seen.has(mark)) return false
    seen.add(mark)
    return true
  })
}

function isMeant(rule: RecipientRule, person: PersonView, token: Token): boolean {
  if (typeof rule === 'object') {
    return 'member' in rule
      ? person.ref === `member:${rule.member}`
      : isOf(person.ref, `vendor:${rule.vendorOf}`)
  }
  if (rule === 'couple') return person.ref === 'partner_a' || person.ref === 'partner_b'
  if (rule === 'each') return person.ref === token.arms?.at(-1)?.arm
  return person.ref === rule
}

/** `vendor:florist` means every florist of the wedding: vendor:florist, vendor:florist#2 … */
const isOf = (ref: string, wanted: string): boolean => ref === wanted || ref.startsWith(`${wanted}#`)

/** Whether a message to the same recipient can follow this one on some way: then a late one may ride along. */
export function hasLaterMessage(graph: Graph, from: NodeOf<'module'>): boolean {
  const known = laterOf.get(graph) ?? new Map<NodeId, boolean>()
  laterOf.set(graph, known)
  const before = known.get(from.id)
  if (before !== undefined) return before
  const seen = new Set<NodeId>([from.id])
  const ahead = waysFrom(graph, from.id)
  let found = false
  for (let id = ahead.pop(); id !== undefined && !found; id = ahead.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const node = graph.node(id)
    found = node?.kind === 'module' && sameAddressee(graph, from, node)
    ahead.push(...waysFrom(graph, id))
  }
  known.set(from.id, found)
  return found
}
const laterOf = new WeakMap<Graph, Map<NodeId, boolean>>()

const sameAddressee = (graph: Graph, a: NodeOf<'module'>, b: NodeOf<'module'>): boolean =>
  graph.moduleType(a).channel === graph.moduleType(b).channel &&
  JSON.stringify(a.to ?? 'couple') === JSON.stringify(b.to ?? 'couple')

/** Not agreeing and not being there come to the same, but are told apart. */
export const isDead = ({ dead }: PersonView, channel: string): boolean =>
  dead?.some((one) => one === channel) ?? false

/** Why this person cannot be written to, or null when they can. */
export function obstacleTo(
  person: PersonView,
  channel: string,
  messageClass: string,
): 'no_address' | 'no_consent' | null {
  if (channel !== 'email' && channel !== 'sms') return null
  if (person.reach[channel] === undefined) return 'no_address'
  return person.may[channel].some((allowed) => allowed === messageClass) ? null : 'no_consent'
}
