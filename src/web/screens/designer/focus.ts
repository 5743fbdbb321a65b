import type { NodeId } from '../../../core/ids.ts'

/** Where the hands are: on a step of the drawing, or in the first field of its panel. A frame later, when it is there. */
export const focusStep = (id: NodeId | null): void =>
  void requestAnimationFrame(() => {
    if (id !== null) document.getElementById(`step-${id}`)?.focus({ preventScroll: true })
  })

export const focusPanel = (): void =>
  void requestAnimationFrame(() => {
    const panel = document.querySelector('[data-step-panel] .panel-body')
    const first =
      panel?.querySelector<HTMLElement>('[data-first]') ??
      panel?.querySelector<HTMLElement>('fieldset input, fieldset textarea, fieldset select')
    first?.focus()
  })
