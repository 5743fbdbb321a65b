import type { Laying, LayOut } from '../core/merge.ts'
import { type ThreadLimits, threaded } from './thread.ts'

/**
 * Makes HTML of layouts, in a thread of its own, once for each: the same layout is asked for with every letter of a
 * step. What took too long is not remembered, since the machine may have been at fault.
 */
export type Layouts = { readonly layOut: LayOut; close(): Promise<void> }

export const LAYOUT_TIMEOUT_MS = 3_000
export const LAYOUT_CHARS_MAX = 300_000
const LAYOUT_WAITING_MAX = 200
/** About 500 letters as vendors write them. */
const KEPT_CHARS_MAX = 20_000_000

export function createLayouts(
  limits: Partial<ThreadLimits> & { readonly keptCharsMax?: number } = {},
): Layouts {
  const { keptCharsMax = KEPT_CHARS_MAX, ...given } = limits
  const laying = threaded<string, Laying>(
    new URL('./layout-thread.ts', import.meta.url),
    'laying out',
    { timeoutMs: LAYOUT_TIMEOUT_MS, waitingMax: LAYOUT_WAITING_MAX, ...given },
    (cause) => ({ is: 'broken', cause }),
  )
  const kept = new Map<string, string>()
  const asked = new Map<string, Promise<Laying>>()
  let chars = 0

  function keep(mjml: string, html: string): void {
    kept.set(mjml, html)
    chars += mjml.length + html.length
    for (const [oldest, its] of kept) {
      if (chars <= keptCharsMax) return
      kept.delete(oldest)
      chars -= oldest.length + its.length
    }
  }

  async function made(mjml: string): Promise<Laying> {
    try {
      const answer = await laying.ask(mjml)
      if (answer.is === 'html') keep(mjml, answer.html)
      return answer
    } finally {
      asked.delete(mjml)
    }
  }

  return {
    layOut(mjml) {
      if (mjml.length > LAYOUT_CHARS_MAX)
        return Promise.resolve({ is: 'broken', cause: `a layout has at most ${LAYOUT_CHARS_MAX} characters` })
      const known = kept.get(mjml)
      if (known !== undefined) {
        kept.delete(mjml)
        kept.set(mjml, known)
        return Promise.resolve({ is: 'html', html: known })
      }
      const under = asked.get(mjml) ?? made(mjml)
      asked.set(mjml, under)
      return under
    },
    close: laying.close,
  }
}
