/**
 * Walks over a graph, each linear in nodes and edges and with a stack of its own: a journey of five hundred
 * steps in a row, or 2^16 ways through a chain of diamonds, costs no call stack and no patience.
 */
export type Next<Id> = (id: Id) => Iterable<Id>

/** Everything that can be reached, the beginnings among it. */
export function reachable<Id>(from: Iterable<Id>, next: Next<Id>): Set<Id> {
  const seen = new Set(from)
  // A Set is walked in the order of insertion, and what is added on the way is walked as well.
  for (const id of seen) for (const to of next(id)) seen.add(to)
  return seen
}

/**
 * The loops of a graph (Tarjan's strongly connected components, those of one node only when it points at
 * itself). Components come after those they lead to.
 */
export function loops<Id>(ids: Iterable<Id>, next: Next<Id>): Id[][] {
  return components(ids, next).filter((part) => part.length > 1 || [...next(part[0]!)].includes(part[0]!))
}

export function components<Id>(ids: Iterable<Id>, next: Next<Id>): Id[][] {
  const parts: Id[][] = []
  const number = new Map<Id, number>()
  const low = new Map<Id, number>()
  const standing: Id[] = []
  const isStanding = new Set<Id>()
  const enter = (id: Id) => {
    number.set(id, number.size)
    low.set(id, number.get(id)!)
    standing.push(id)
    isStanding.add(id)
    return { id, left: next(id)[Symbol.iterator]() }
  }
  for (const root of ids) {
    if (number.has(root)) continue
    const path = [enter(root)]
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const step = here.left.next()
      if (!step.done) {
        if (!number.has(step.value)) path.push(enter(step.value))
        else if (isStanding.has(step.value)) {
          low.set(here.id, Math.min(low.get(here.id)!, number.get(step.value)!))
        }
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent) low.set(parent.id, Math.min(low.get(parent.id)!, low.get(here.id)!))
      if (low.get(here.id) !== number.get(here.id)) continue
      const part = standing.splice(standing.lastIndexOf(here.id))
      for (const id of part) isStanding.delete(id)
      parts.push(part)
    }
  }
  return parts
}
