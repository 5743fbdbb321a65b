/**
 * Says something in the address a moment later. Not once one is on the way to another room: the room one leaves still
 * stands until that one has come, and what it says in its address would bring one back.
 */
export function soonHere(work: () => void, afterMs: number): () => void {
  const here = location.pathname
  const waiting = setTimeout(() => {
    if (location.pathname === here) work()
  }, afterMs)
  return () => clearTimeout(waiting)
}
