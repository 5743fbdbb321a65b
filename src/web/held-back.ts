import { toast } from '../ui/toasts.ts'
import { heard, isRefused, wordsOf } from './api.ts'

/**
 * What nobody can take back once the server has it (a yes to a message sends it) waits here for a moment: it is gone
 * from the screen at once, and done when the time for taking it back is over, or when the page is left. A browser
 * that dies meanwhile has done nothing: the thing still waits for a person, as it says.
 */
const HELD_MS = 6_000

type Held = {
  readonly does: () => Promise<unknown>
  readonly undone: () => void
  timer: ReturnType<typeof setTimeout>
}
const held = new Set<Held>()

export function holdBack(one: {
  readonly says: string
  readonly does: () => Promise<unknown>
  /** Puts it back on the screen: it was taken back, or refused. */
  readonly undone: () => void
}): void {
  const waiting: Held = {
    does: one.does,
    undone: one.undone,
    timer: setTimeout(() => carryOut(waiting), HELD_MS),
  }
  held.add(waiting)
  toast(one.says, {
    forMs: HELD_MS,
    undo: () => {
      clearTimeout(waiting.timer)
      if (held.delete(waiting)) one.undone()
    },
  })
}

function carryOut(one: Held): void {
  if (!held.delete(one)) return
  clearTimeout(one.timer)
  one.does().catch((error: unknown) => {
    heard(error)
    one.undone()
    if (!isRefused(error, 'unauthorised')) toast(wordsOf(error))
  })
}

const carryOutAll = (): void => {
  for (const one of [...held]) carryOut(one)
}
addEventListener('pagehide', carryOutAll)
addEventListener('visibilitychange', () => {
  if (document.hidden) carryOutAll()
})
