import { useEffect } from 'react'
import { commandsNow } from './commands.ts'
import { overlayNow, setOverlay, typeAhead } from './overlays.ts'
import { singleKeysOn } from './preferences.ts'
import { answer, isForWriting, strokeOf } from './shortcuts.ts'

/** The second key of "G then T" comes within this, or the first is forgotten. */
const SECOND_KEY_WITHIN_MS = 1_200

/** Listens once for the whole house. */
export function useKeys(): void {
  useEffect(() => {
    let before: ReturnType<typeof strokeOf> | null = null
    let forgetting: ReturnType<typeof setTimeout> | undefined
    const listen = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        event.altKey ||
        event.isComposing ||
        /^(Shift|Control|Meta)$/.test(event.key)
      )
        return
      const stroke = strokeOf(event)
      const isOpen = document.querySelector('[role=dialog],[role=menu]') !== null
      if (overlayNow() === 'palette' && !isOpen && !stroke.mod) {
        if (event.key === 'Escape') setOverlay(null)
        else if (event.key.length === 1) typeAhead(event.key)
        return event.preventDefault()
      }
      const busy = isOpen || isForWriting(event.target)
      if (!stroke.mod && (busy || !singleKeysOn())) return
      clearTimeout(forgetting)
      const said = answer(commandsNow(), before, stroke)
      before = said.is === 'wait' ? stroke : null
      if (said.is === 'wait') {
        forgetting = setTimeout(() => {
          before = null
        }, SECOND_KEY_WITHIN_MS)
      }
      if (said.is !== 'run') return
      event.preventDefault()
      said.command.run()
    }
    addEventListener('keydown', listen)
    return () => {
      removeEventListener('keydown', listen)
      clearTimeout(forgetting)
    }
  }, [])
}
