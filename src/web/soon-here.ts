/**
 * Says something in the address a moment later. Not once one is on the way to another room: the room one leaves still
 * stands until that one has come, and what it says in its address would bring one back.
 */
export function soonHere(
  work: () => void,
  afterMs: number,
  roomNow: () => string = () => location.pathname,
): () => void {
  const here = roomNow()
  const waiting = setTimeout(() => {
    if (roomNow() === here) work()
  }, afterMs)
  return () => clearTimeout(waiting)
}
