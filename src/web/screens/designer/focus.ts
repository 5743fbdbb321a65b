import type { NodeId } from '../../../core/ids.ts'

/** Where the hands are: on a step of the drawing, or in the first field of its panel. A frame later, when it is there. */
export const focusStep = (id: NodeId | null): void => {
  if (id !== null) whenThere(() => document.getElementById(`step-${id}`), WAITS_FRAMES)
}

/** A step out of sight is drawn when the drawing has moved to it, some frames later. */
const WAITS_FRAMES = 30
function whenThere(find: () => HTMLElement | null, frames: number): void {
  requestAnimationFrame(() => {
    // Whoever is quicker than a frame has opened something else meanwhile: it keeps the word.
    if (document.querySelector('[role=dialog]')) return
    const found = find()
    if (found) found.focus({ preventScroll: true })
    else if (frames > 0) whenThere(find, frames - 1)
  })
}

export const focusPanel = (): void =>
  void requestAnimationFrame(() => {
    const panel = document.querySelector('[data-step-panel] .panel-body')
    const first =
      panel?.querySelector<HTMLElement>('[data-first]') ??
      panel?.querySelector<HTMLElement>(
        'fieldset input, fieldset textarea, fieldset select, fieldset [contenteditable=true]',
      )
    first?.focus()
  })
