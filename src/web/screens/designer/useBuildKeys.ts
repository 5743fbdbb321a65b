import { CircleMinus, ClipboardCopy, List, PanelRight, Plus, Redo2 } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { type Clip, clipOf, clipText, readClip } from '../../../core/journey/edit/clip.ts'
import type { Place } from '../../../core/journey/edit/places.ts'
import { toast } from '../../../ui/toasts.ts'
import { type Command, useOffer } from '../../shell/commands.ts'
import { singleKeysOn } from '../../shell/preferences.ts'
import { isForWriting } from '../../shell/shortcuts.ts'
import type { Building } from './building.ts'
import type { Choice } from './choice.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { focusPanel, focusStep } from './focus.ts'
import type { Drawn } from './layout.ts'
import { type Arrow, stepFrom } from './walking.ts'

type Keys = {
  readonly keeper: DraftKeeper
  readonly building: Building
  readonly drawn: Drawn
  readonly isOpen: boolean
  readonly choice: Choice
  readonly inHand: Clip | null
  readonly setOpen: (open: boolean) => void
  readonly setInHand: (clip: Clip) => void
  readonly toggleList: () => void
  readonly askAfter: (id: NodeId | null) => void
  readonly placeAfter: (id: NodeId | null) => Place | null
}

const ARROWS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])
const NOTHING: ReadonlySet<NodeId> = new Set()

/**
 * The designer by keyboard alone. Listened to before the house does (it hears what nobody took), and only where
 * nobody writes and no dialog has the word.
 */
export function useBuildKeys(given: Keys): void {
  const keys = useRef(given)
  keys.current = given
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      if (document.querySelector('[role=dialog]:not([data-step-panel]),[role=menu]')) return
      const did = answer(event, keys.current)
      if (did) event.preventDefault()
    }
    const clipboard = (event: ClipboardEvent): void => {
      if (isForWriting(document.activeElement) || (getSelection()?.toString() ?? '') !== '') return
      if (handled(event, keys.current)) event.preventDefault()
    }
    document.addEventListener('keydown', down)
    for (const name of ['copy', 'cut', 'paste'] as const) document.addEventListener(name, clipboard)
    return () => {
      document.removeEventListener('keydown', down)
      for (const name of ['copy', 'cut', 'paste'] as const) document.removeEventListener(name, clipboard)
    }
  }, [])
  const commands = useMemo(
    (): readonly Command[] => [
      here('add', 'Add a step after the chosen one', Plus, ['A'], () => keys.current.askAfter(null)),
      here('open', 'Open the panel of the chosen step', PanelRight, null, () => keys.current.setOpen(true)),
      here('remove', 'Remove the chosen step', CircleMinus, null, () => removeChosen(keys.current)),
      here('again', 'Do again what was undone', Redo2, null, () => keys.current.keeper.redo()),
      here('copy', 'Copy the chosen steps', ClipboardCopy, null, () =>
        keys.current.building.copy(inQuestion(keys.current)),
      ),
      here('list', 'The journey as a list, and back', List, ['L'], () => keys.current.toggleList()),
    ],
    [],
  )
  useOffer(commands)
}

/** With a key of its own where the house may listen for it; Enter, Delete and the system's strokes are heard only on the drawing. */
const here = (
  id: string,
  label: string,
  icon: Command['icon'],
  keys: readonly string[] | null,
  run: () => void,
): Command => ({ id: `designer-${id}`, group: 'Here', label, icon, ...(keys && { keys }), run })

/** True when the stroke was meant for the drawing. */
function answer(event: KeyboardEvent, keys: Keys): boolean {
  const mod = event.metaKey || event.ctrlKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (mod && key === 'z') {
    if (event.shiftKey) keys.keeper.redo()
    else keys.keeper.undo()
    return true
  }
  if (mod && key === 'y') {
    keys.keeper.redo()
    return true
  }
  if (event.key === 'Escape') return stepBack(keys)
  if (isForWriting(event.target)) return false
  if (mod) return key === 'd' && duplicate(keys)
  const target = event.target instanceof HTMLElement ? event.target : null
  const inPanel = target?.closest('[data-step-panel]') != null
  const onStep = target?.closest('[data-step]') != null
  const free =
    target === document.body || target === null || target.id === 'content' || target.tagName === 'H1'
  if (ARROWS.has(event.key) && !inPanel && (onStep || free)) {
    walk(keys, event.key as Arrow, event.shiftKey)
    return true
  }
  if (event.key === 'Enter' && onStep) {
    const id = target?.closest<HTMLElement>('[data-step]')?.dataset.step as NodeId | undefined
    if (id) keys.building.choose(id)
    keys.setOpen(true)
    focusPanel()
    return true
  }
  if ((event.key === 'Delete' || event.key === 'Backspace') && (onStep || free)) return removeChosen(keys)
  if (!singleKeysOn()) return false
  if (key === 'a' && !event.shiftKey) {
    keys.askAfter(null)
    return true
  }
  return false
}

function stepBack(keys: Keys): boolean {
  if (keys.choice.marked().size > 0) keys.choice.mark(NOTHING)
  else if (keys.isOpen) {
    keys.setOpen(false)
    focusStep(keys.keeper.kept().history.now.step)
  } else return false
  return true
}

function walk(keys: Keys, arrow: Arrow, marking: boolean): void {
  const { step } = keys.keeper.kept().history.now
  const next = stepFrom(keys.building.outline, keys.drawn, step, arrow)
  if (next === null) return
  if (marking) {
    keys.choice.mark(new Set([...keys.choice.marked(), ...(step ? [step] : []), next]))
    keys.keeper.choose(next)
  } else keys.building.choose(next)
  focusStep(next)
}

/** The marked steps, or the chosen one. */
function inQuestion({ choice, keeper }: Keys): ReadonlySet<NodeId> {
  const marked = choice.marked()
  const { step } = keeper.kept().history.now
  return marked.size > 0 ? marked : new Set(step === null ? [] : [step])
}

function removeChosen(keys: Keys): boolean {
  if (!keys.building.mayEdit) return false
  const ids = inQuestion(keys)
  const [only] = ids
  if (only === undefined) return false
  if (ids.size > 1) {
    keys.building.copy(ids, true)
    keys.choice.mark(NOTHING)
  } else keys.building.remove(only)
  return true
}

function duplicate(keys: Keys): boolean {
  const ids = inQuestion(keys)
  const last = [...ids].at(-1)
  const place = last === undefined ? null : keys.placeAfter(last)
  if (!place) return false
  keys.building.add(place, clipOf(keys.building.outline, ids), 'Duplicate')
  return true
}

/** The system's own clipboard, so that steps pass between journeys, tabs and letters as text. */
function handled(event: ClipboardEvent, keys: Keys): boolean {
  const { building } = keys
  if (event.type === 'paste') {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    const clip = readClip(text)
    const place = clip && keys.placeAfter(null)
    if (!clip || !place || !building.mayEdit) return false
    keys.setInHand(clip)
    building.add(place, clip, clip.nodes.length === 1 ? 'Paste a step' : `Paste ${clip.nodes.length} steps`)
    return true
  }
  const ids = inQuestion(keys)
  const clip = clipOf(building.outline, ids)
  if (clip.nodes.length === 0) return false
  event.clipboardData?.setData('text/plain', clipText(clip))
  keys.setInHand(clip)
  if (event.type === 'cut' && building.mayEdit) {
    building.copy(ids, true)
    keys.choice.mark(NOTHING)
  } else toast(`${clip.nodes.length === 1 ? 'The step is' : `${clip.nodes.length} steps are`} in hand`)
  return true
}
