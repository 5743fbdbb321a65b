/** Where toasts may stand, the one they are used to first. Wide and narrow put them elsewhere by these names (`base.css`). */
const PLACES = ['foot-end', 'foot-middle', 'head-middle', 'foot-start', 'head-start', 'head-end'] as const
type Place = (typeof PLACES)[number]

/** What lies over the page and is worked in: dialogs, sheets, popovers, menus. */
const LAYERS = ':is([role=dialog], [role=alertdialog], [role=menu])'
const CONTROLS = ':is(button, a[href], input, select, textarea, [role^=menuitem])'
/** What is pressed matters more than what is only read. */
const A_CONTROL = 1_000

/**
 * Moves the toasts aside as long as something open lies under them: its buttons must be there to be pressed for all the
 * seconds that a toast stays. They stand still otherwise, and go back to their usual place when the last one is gone.
 */
export function keepAside(toasts: HTMLElement): () => void {
  let asked = 0
  const look = (): void => {
    asked = 0
    if (toasts.childElementCount === 0) return toasts.removeAttribute('data-place')
    stand(toasts)
  }
  const lookSoon = (): void => {
    asked ||= requestAnimationFrame(look)
  }
  const changes = new MutationObserver(lookSoon)
  changes.observe(document.body, { childList: true, subtree: true, attributeFilter: ['style', 'data-state'] })
  const moves = ['scroll', 'resize', 'animationend', 'transitionend']
  for (const one of moves) addEventListener(one, lookSoon, { capture: true, passive: true })
  lookSoon()
  return () => {
    cancelAnimationFrame(asked)
    changes.disconnect()
    for (const one of moves) removeEventListener(one, lookSoon, { capture: true })
  }
}

/** Each place is tried where it would be; nothing is painted before the best is found. */
function stand(toasts: HTMLElement): void {
  const now = toasts.dataset.place as Place | undefined
  const layers = [...document.querySelectorAll(LAYERS)].filter((one) => !toasts.contains(one))
  const boxes = layers.map((one) => one.getBoundingClientRect())
  const controls = layers.flatMap((one) =>
    [...one.querySelectorAll(CONTROLS)].map((control) => control.getBoundingClientRect()),
  )
  let best: { readonly place: Place; readonly covers: number } | null = null
  for (const place of now ? [now, ...PLACES] : PLACES) {
    if (toasts.dataset.place !== place) toasts.dataset.place = place
    const own = toasts.getBoundingClientRect()
    const covers =
      boxes.filter((box) => meet(own, box)).length +
      controls.filter((box) => meet(own, box)).length * A_CONTROL
    if (best === null || covers < best.covers) best = { place, covers }
    if (covers === 0) break
  }
  if (best) toasts.dataset.place = best.place
}

const meet = (one: DOMRect, other: DOMRect): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
