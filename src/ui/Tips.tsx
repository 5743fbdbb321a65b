import { Tooltip as Radix } from 'radix-ui'
import { useEffect, useState } from 'react'
import { Kbd } from './Kbd.tsx'
import type { Side } from './Tooltip.tsx'

const DELAY_MS = 400
/** Whoever goes from icon to icon reads them one after the other. */
const SKIP_DELAY_MS = 200

/** Shows the word of whatever icon the mouse rests on or the keyboard has come to: one for the whole page. */
export function Tips() {
  const [of, setOf] = useState<Element | null>(null)
  useEffect(() => watchTips(setOf), [])
  if (!of) return null
  const { tip, tipSide, tipKeys } = (of as HTMLElement).dataset
  const { left, top, width, height } = of.getBoundingClientRect()
  return (
    <Radix.Provider disableHoverableContent>
      <Radix.Root open onOpenChange={(open) => !open && setOf(null)}>
        <Radix.Trigger asChild>
          <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={tipSide as Side}
            sideOffset={6}
            collisionPadding={8}
            className="pointer-events-none z-[var(--z-tooltip)] flex h-7 animate-appear items-center gap-2 rounded-sm bg-inverse pr-2 pl-2.5 text-small text-inverse-foreground"
          >
            {tip}
            {tipKeys && <Kbd keys={tipKeys.split(' ')} onInverse />}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}

const tipAt = ({ target }: Event): Element | null =>
  target instanceof Element ? target.closest('[data-tip]') : null

/** Gives what stops the watch. */
function watchTips(show: (of: Element | null) => void): () => void {
  const ended = new AbortController()
  let wanted: Element | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let hiddenAt = Number.NEGATIVE_INFINITY
  const hide = (): void => {
    clearTimeout(timer)
    if (wanted && timer === undefined) hiddenAt = performance.now()
    wanted = null
    show(null)
  }
  const want = (of: Element, afterMs: number): void => {
    clearTimeout(timer)
    wanted = of
    timer = setTimeout(() => {
      timer = undefined
      if (of.isConnected) show(of)
    }, afterMs)
  }
  const over = (event: PointerEvent): void => {
    const of = tipAt(event)
    if (of === wanted) return
    if (wanted) hide()
    if (of && event.pointerType === 'mouse' && event.buttons === 0)
      want(of, performance.now() - hiddenAt < SKIP_DELAY_MS ? 0 : DELAY_MS)
  }
  const focus = (event: FocusEvent): void => {
    const of = tipAt(event)
    if (of?.matches(':focus-visible')) want(of, 0)
  }
  // Whoever was quicker than this script rests there already.
  const resting = document.querySelector('[data-tip]:hover')
  if (resting) want(resting, DELAY_MS)
  const { signal } = ended
  document.addEventListener('pointerover', over, { signal })
  document.addEventListener('focusin', focus, { signal })
  for (const what of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const)
    document.addEventListener(what, hide, { signal, capture: true, passive: true })
  return () => {
    hide()
    ended.abort()
  }
}
