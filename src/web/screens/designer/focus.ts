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

/** A panel that lies with its module type comes when it is first opened: its field is waited for, not another's taken. */
export const focusPanel = (): void => firstField(LOADS_FRAMES)

const LOADS_FRAMES = 90
const FIELD = 'input, textarea, select, [contenteditable=true]'
function firstField(frames: number): void {
  requestAnimationFrame(() => {
    const panel = document.querySelector('[data-step-panel] .panel-body')
    const content = panel?.querySelector('[data-part=content]')
    const first = content
      ? content.querySelector<HTMLElement>(FIELD)
      : (panel?.querySelector<HTMLElement>('[data-first]') ??
        panel?.querySelector<HTMLElement>(`fieldset :is(${FIELD})`))
    if (first) first.focus()
    else if (frames > 0) firstField(frames - 1)
  })
}
